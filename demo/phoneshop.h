// What people do in the phone shop.
#pragma once
#include "demo/script.h"

namespace yeyak::demo {

extern const Script phoneshop_script;

}  // namespace yeyak::demo
