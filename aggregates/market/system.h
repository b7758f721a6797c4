// Registers the rules of the market with the engine.
#pragma once
#include "aggregates/engine/engine.h"

namespace yeyak::market {

void install(Engine& engine);

}  // namespace yeyak::market
