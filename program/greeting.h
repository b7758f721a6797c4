// What a server tells who started it.
#pragma once
#include <cstdint>

#include "server/config/config.h"
#include "server/runtime.h"

namespace yeyak::program {

// Where it listens, and something to try.
void greet(const server::ServeConfig& config, std::uint16_t port);
// After a run that did not end in order: what is there again, and what goes on.
void tell(const server::Recovered& found);

}  // namespace yeyak::program
