// The HTTP interface of vaccine reservations: the requests of its founding document.
#pragma once
#include "api/http/router.h"
#include "api/routes/common.h"

namespace yeyak::api {

void add_vaccination_routes(http::Router& router, server::Runtime& runtime, const Mount& mount);

// The warehouse has its first doses before anybody asks for them.
void begin_vaccination(server::Runtime& runtime);

}  // namespace yeyak::api
