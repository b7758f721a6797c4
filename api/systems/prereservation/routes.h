// The HTTP interface of smartphone pre-reservation: the requests of its founding document.
#pragma once
#include "api/http/router.h"
#include "api/routes/common.h"

namespace yeyak::api {

void add_prereservation_routes(http::Router& router, server::Runtime& runtime, const Mount& mount);

}  // namespace yeyak::api
