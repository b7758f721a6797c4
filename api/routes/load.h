// GET /actuator/load: how busy the server is, and what it had to refuse for it.
#pragma once
#include <memory>

#include "api/http/places.h"
#include "api/http/router.h"
#include "api/http/server.h"
#include "kernel/edge/watch.h"

namespace yeyak::api {

// What is told of outlives the router.
struct LoadSources {
    const LoopWatch& loop;
    std::function<http::ServerReport()> server;
    std::shared_ptr<http::Places> feeds;
};

void add_load_route(http::Router& router, LoadSources sources);

}  // namespace yeyak::api
