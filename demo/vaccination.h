// What people do in vaccination.
#pragma once
#include "demo/script.h"

namespace yeyak::demo {

extern const Script vaccination_script;

}  // namespace yeyak::demo
