// The HTTP interface of vaccine reservations: the requests of its founding document.
#pragma once
#include <boost/asio/awaitable.hpp>

#include "api/http/router.h"
#include "api/routes/server.h"

namespace yeyak::api {

void add_vaccination_routes(http::Router& router, const Server& at, const Mount& mount);

// The warehouse has its first doses before anybody asks for them.
void begin_vaccination(const Server& at);

// Records who did not come on the days that are over, when the settings say so.
boost::asio::awaitable<void> close_vaccination_days(const Server& at);

}  // namespace yeyak::api
