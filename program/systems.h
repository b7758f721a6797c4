// The business systems, one line each: what registers their rules and what registers their routes.
#pragma once
#include <span>
#include <string_view>

#include "api/http/router.h"
#include "api/routes/server.h"
#include "server/system_rules.h"

namespace yeyak::program {

struct System {
    server::SystemRules rules;
    // Its routes are under /name, and at the root with serve --system.
    void (*add_routes)(http::Router& router, const api::Server& at, const api::Mount& mount);
    // Something to try, as a path and a body.
    std::string_view try_path;
    std::string_view try_body;
    // What must be in the log before anybody is served, such as a first stock; may be null.
    void (*begin)(const api::Server& at) = nullptr;
};

std::span<const System> systems();
server::Systems rules_of_systems();  // of all of them, in the same order
const System* find_system(std::string_view name);

}  // namespace yeyak::program
