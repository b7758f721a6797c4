// What /openapi.json says of the pre-reservation routes; the examples are the founding document's.
#pragma once
#include "api/http/router.h"
#include "server/config/config.h"

namespace yeyak::api::prereservation_docs {

http::RouteDoc create(const server::LimitsConfig& limits);
http::RouteDoc cancel();

}  // namespace yeyak::api::prereservation_docs
