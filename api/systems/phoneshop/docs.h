// What /openapi.json says of the phone shop's commands; the examples are the founding document's.
#pragma once
#include "api/http/router.h"

namespace yeyak::api::phoneshop_docs {

http::RouteDoc order();
http::RouteDoc cancel();
http::RouteDoc receive();

}  // namespace yeyak::api::phoneshop_docs
