// What /openapi.json says of the routes of vaccination; the examples are the founding document's.
#pragma once
#include "api/http/router.h"

namespace yeyak::api::vaccination_docs {

http::RouteDoc dates();
http::RouteDoc reserve();
http::RouteDoc cancel();
http::RouteDoc inject();
http::RouteDoc no_show();

}  // namespace yeyak::api::vaccination_docs
