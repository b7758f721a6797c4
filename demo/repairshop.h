// What people do in the repair shop.
#pragma once
#include "demo/script.h"

namespace yeyak::demo {

extern const Script repairshop_script;

}  // namespace yeyak::demo
