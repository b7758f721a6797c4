// What /openapi.json says of the routes of the event store.
#pragma once
#include "api/http/router.h"

namespace yeyak::api::streams_docs {

http::RouteDoc append();
http::RouteDoc commit();
http::RouteDoc read();
http::RouteDoc read_one();
http::RouteDoc events();

}  // namespace yeyak::api::streams_docs
