// Registers vaccination with the engine.
#pragma once
#include "aggregates/engine/engine.h"

namespace yeyak::vaccination {

void install(Engine& engine);

}  // namespace yeyak::vaccination
