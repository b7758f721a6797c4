// Where a stranger begins: what there is (GET /) and what refusals mean (GET /problems), as HAL or
// JSON for programs and as pages for people.
#pragma once
#include "api/http/router.h"

namespace yeyak::api {

// `router` is read when it is asked: the routes that are added later are shown, too.
void add_entrance_routes(http::Router& router);

}  // namespace yeyak::api
