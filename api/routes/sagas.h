// What operators see of the business under way: GET /sagas, GET /sagas/{id} with the timeline, and
// the two orders that help one on: POST /sagas/{id}/retry and POST /sagas/{id}/compensate.
#pragma once
#include "api/http/router.h"
#include "api/routes/common.h"

namespace yeyak::api {

void add_saga_routes(http::Router& router, server::Runtime& runtime);

}  // namespace yeyak::api
