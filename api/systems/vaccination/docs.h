// What /openapi.json says of the routes of vaccination; the examples are the founding document's.
#pragma once
#include "api/http/router.h"
#include "server/config/config.h"

namespace yeyak::api::vaccination_docs {

http::RouteDoc dates(const server::LimitsConfig& limits);
http::RouteDoc reserve(const server::LimitsConfig& limits);
http::RouteDoc cancel(const server::LimitsConfig& limits);
http::RouteDoc inject(const server::LimitsConfig& limits);
http::RouteDoc no_show(const server::LimitsConfig& limits);

}  // namespace yeyak::api::vaccination_docs
