// What is wrong with settings that are right each for itself. A value.
#pragma once
#include <string>
#include <vector>

#include "server/config/config.h"

namespace yeyak::server {

// One line each, as load_config() reports them; empty when they go together.
std::vector<std::string> contradictions(const ServeConfig& config);

}  // namespace yeyak::server
