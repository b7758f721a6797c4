// What /openapi.json says of the market's commands; the examples are the founding document's.
#pragma once
#include "api/http/router.h"
#include "server/config/config.h"

namespace yeyak::api::market_docs {

http::RouteDoc register_one(const server::LimitsConfig& limits);
http::RouteDoc edit_one(const server::LimitsConfig& limits);
http::RouteDoc reserve_one(const server::LimitsConfig& limits);
http::RouteDoc cancel_one(const server::LimitsConfig& limits);
http::RouteDoc pay_one(const server::LimitsConfig& limits);

}  // namespace yeyak::api::market_docs
