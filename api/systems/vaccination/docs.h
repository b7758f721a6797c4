// What /openapi.json says of the routes of vaccination; the examples are the founding document's.
#pragma once
#include "api/http/router.h"

namespace yeyak::api::vaccination_docs {

http::RouteDoc dates();
http::RouteDoc reserve();
http::RouteDoc cancel();
http::RouteDoc inject();

}  // namespace yeyak::api::vaccination_docs
