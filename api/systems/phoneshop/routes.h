// The HTTP interface of the phone shop: the requests of its founding document.
#pragma once
#include "api/http/router.h"
#include "api/routes/common.h"

namespace yeyak::api {

void add_phoneshop_routes(http::Router& router, server::Runtime& runtime, const Mount& mount);

}  // namespace yeyak::api
