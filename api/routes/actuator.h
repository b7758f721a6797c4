// What operators ask: health, contexts, circuit breakers, views.
#pragma once
#include <atomic>

#include "api/http/router.h"
#include "server/commands.h"
#include "server/reads.h"
#include "server/upkeep.h"

namespace yeyak::api {

// `draining` is true from SIGTERM on: readiness goes down first.
void add_actuator_routes(http::Router& router, server::Commands& commands, server::Reads& reads,
                         server::Upkeep& upkeep, const std::atomic<bool>& draining);

}  // namespace yeyak::api
