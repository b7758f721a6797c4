// The HTTP interface of vaccine reservations: the requests of its founding document.
#pragma once
#include "api/http/router.h"
#include "api/routes/server.h"

namespace yeyak::api {

void add_vaccination_routes(http::Router& router, const Server& at, const Mount& mount);

// The warehouse has its first doses before anybody asks for them.
void begin_vaccination(const Server& at);

}  // namespace yeyak::api
