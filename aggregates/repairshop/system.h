// Registers the repair shop with the engine.
#pragma once
#include "aggregates/engine/engine.h"

namespace yeyak::repairshop {

void install(Engine& engine);

}  // namespace yeyak::repairshop
