// What /openapi.json says of the pre-reservation routes; the examples are the founding document's.
#pragma once
#include "api/http/router.h"

namespace yeyak::api::prereservation_docs {

http::RouteDoc create();
http::RouteDoc cancel();

}  // namespace yeyak::api::prereservation_docs
