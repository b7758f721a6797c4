// The HTTP interface of the market: the requests of its founding document.
#pragma once
#include "api/http/router.h"
#include "api/routes/server.h"

namespace yeyak::api {

void add_market_routes(http::Router& router, const Server& at, const Mount& mount);

}  // namespace yeyak::api
