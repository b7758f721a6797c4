// Registers smartphone pre-reservation with the engine.
#pragma once
#include "aggregates/engine/engine.h"

namespace yeyak::prereservation {

void install(Engine& engine);

}  // namespace yeyak::prereservation
