// The HTTP interface of smartphone pre-reservation: the requests of its founding document.
#pragma once
#include "api/http/router.h"
#include "api/routes/server.h"

namespace yeyak::api {

void add_prereservation_routes(http::Router& router, const Server& at, const Mount& mount);

}  // namespace yeyak::api
