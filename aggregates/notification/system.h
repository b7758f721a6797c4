// Registers the notification context, which all systems share, with the engine.
#pragma once
#include "aggregates/engine/engine.h"

namespace yeyak::notification {

void install(Engine& engine);

}  // namespace yeyak::notification
