// What a person may ask for: POST /audit/exports gives all that is held about them, POST
// /audit/erasures destroys the keys of their fields. Both are recorded in the log.
#pragma once
#include "api/http/router.h"
#include "api/routes/server.h"

namespace yeyak::api {

void add_erasure_routes(http::Router& router, const Server& at);

}  // namespace yeyak::api
