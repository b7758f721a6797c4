// What /openapi.json says of the pre-reservation routes; the examples are the founding document's.
#pragma once
#include "api/http/router.h"

namespace yeyak::api::prereservation_docs {

http::RouteDoc create();
http::RouteDoc cancel();
http::RouteDoc list(std::string_view what);
http::RouteDoc row(std::string_view what);

}  // namespace yeyak::api::prereservation_docs
