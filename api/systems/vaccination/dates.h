// The days on which one can be vaccinated, with the places that are left: POST /user/date. A
// synchronous call from the user to the reservation context, behind time limit and breaker.
#pragma once
#include "api/http/router.h"
#include "api/routes/server.h"

namespace yeyak::api {

boost::asio::awaitable<http::Response> look_up_dates(const Server& at, http::Request& request);

}  // namespace yeyak::api
