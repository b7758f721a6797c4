// What people do in the market.
#pragma once
#include "demo/script.h"

namespace yeyak::demo {

extern const Script market_script;

}  // namespace yeyak::demo
