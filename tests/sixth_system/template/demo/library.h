// What people do in the library.
#pragma once
#include "demo/script.h"

namespace yeyak::demo {

extern const Script library_script;

}  // namespace yeyak::demo
