// The HTTP interface of the library.
#pragma once
#include "api/http/router.h"
#include "api/routes/server.h"

namespace yeyak::api {

void add_library_routes(http::Router& router, const Server& at, const Mount& mount);

}  // namespace yeyak::api
