// POST /audit/trail: who did what, when, why and from where. Every reading is recorded in the log
// before its first byte is sent.
#pragma once
#include "api/http/router.h"
#include "api/routes/server.h"

namespace yeyak::api {

void add_trail_routes(http::Router& router, const Server& at);

}  // namespace yeyak::api
