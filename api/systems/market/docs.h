// What /openapi.json says of the market's commands; the examples are the founding document's.
#pragma once
#include "api/http/router.h"

namespace yeyak::api::market_docs {

http::RouteDoc register_one();
http::RouteDoc edit_one();
http::RouteDoc reserve_one();
http::RouteDoc cancel_one();
http::RouteDoc pay_one();

}  // namespace yeyak::api::market_docs
