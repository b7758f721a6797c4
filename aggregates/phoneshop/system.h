// Registers the phone shop with the engine.
#pragma once
#include "aggregates/engine/engine.h"

namespace yeyak::phoneshop {

void install(Engine& engine);

}  // namespace yeyak::phoneshop
