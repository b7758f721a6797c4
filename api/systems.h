// The business systems, one line each: what registers their rules and what registers their routes.
#pragma once
#include <span>
#include <string_view>

#include "aggregates/engine/engine.h"
#include "api/http/router.h"
#include "api/routes/common.h"

namespace yeyak::api {

struct System {
    std::string_view name;  // its routes are under /name, and at the root with serve --system
    std::string_view payment_context;  // its payment desk; empty when it takes no money
    void (*install)(Engine& engine);
    void (*add_routes)(http::Router& router, Runtime& runtime, const Mount& mount);
    // Something to try, as a path and a body.
    std::string_view try_path;
    std::string_view try_body;
    // What must be in the log before anybody is served, such as a first stock; may be null.
    void (*begin)(Runtime& runtime) = nullptr;
};

std::span<const System> systems();
const System* find_system(std::string_view name);

}  // namespace yeyak::api
