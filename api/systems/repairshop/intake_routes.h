// The requests to the reception desk: take a car, ask for the cancel, the payment, the delivery.
#pragma once
#include "api/http/router.h"
#include "api/routes/server.h"

namespace yeyak::api {

void add_intake_routes(http::Router& router, const Server& at, const Mount& mount);

}  // namespace yeyak::api
