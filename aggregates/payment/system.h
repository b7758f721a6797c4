// Registers the payment context, which all systems share, with the engine.
#pragma once
#include "aggregates/engine/engine.h"

namespace yeyak::payment {

// `contexts` are the payment desks of the systems that are installed; see Contract::context().
void install(Engine& engine, std::vector<std::string> contexts);

}  // namespace yeyak::payment
