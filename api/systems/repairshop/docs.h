// What the OpenAPI document says of the repair shop's commands.
#pragma once
#include "api/http/router.h"
#include "server/config/config.h"

namespace yeyak::api::repairshop_docs {

http::RouteDoc take_in(const server::LimitsConfig& limits);
http::RouteDoc change_receipt(const server::LimitsConfig& limits);
http::RouteDoc change_repair(const server::LimitsConfig& limits);

}  // namespace yeyak::api::repairshop_docs
