// What /openapi.json says of the phone shop's commands; the examples are the founding document's.
#pragma once
#include "api/http/router.h"
#include "server/config/config.h"

namespace yeyak::api::phoneshop_docs {

http::RouteDoc order(const server::LimitsConfig& limits);
http::RouteDoc cancel();
http::RouteDoc receive(const server::LimitsConfig& limits);

}  // namespace yeyak::api::phoneshop_docs
