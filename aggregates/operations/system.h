// Registers the journals of operations, which are there beside every system.
#pragma once
#include "aggregates/engine/engine.h"

namespace yeyak::operations {

void install(Engine& engine);

}  // namespace yeyak::operations
