// What the routes of a system stand on, and where they are.
#pragma once
#include <string>

#include "server/commands.h"
#include "server/reads.h"
#include "server/upkeep.h"

namespace yeyak::api {

// All of it outlives the routes.
struct Server {
    server::Commands& commands;
    server::Reads& reads;
    server::Upkeep& upkeep;
    const server::ServeConfig& config;
};

// Where a system's routes are: at "/prereservation", and at "" when it is served alone.
struct Mount {
    std::string prefix;
};

}  // namespace yeyak::api
