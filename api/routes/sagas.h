// What operators see of the business under way: GET /sagas, GET /sagas/{id} with the timeline, and
// the two orders that help one on: POST /sagas/{id}/retry and POST /sagas/{id}/compensate.
#pragma once
#include "api/http/router.h"
#include "server/commands.h"
#include "server/reads.h"

namespace yeyak::api {

void add_saga_routes(http::Router& router, server::Commands& commands, server::Reads& reads);

}  // namespace yeyak::api
