// Registers the payment context, which all systems share, with the engine.
#pragma once
#include "aggregates/engine/contexts_by_prefix.h"
#include "aggregates/engine/engine.h"

namespace yeyak::payment {

// Each system that takes money has a payment desk of its own that can be stopped: `desks` says
// which it is for the payments of each, by how their ids begin.
void install(Engine& engine, ContextsByPrefix desks);

}  // namespace yeyak::payment
