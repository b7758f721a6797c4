// GET /openapi.json: the OpenAPI 3.1 description of every route, made from the route table itself.
#pragma once
#include <string>

#include "api/http/router.h"

namespace yeyak::api {

std::string openapi_document(const http::Router& router, std::string_view version);
// Call last: the document is made once, of the routes there are.
void add_openapi_route(http::Router& router, std::string_view version);

}  // namespace yeyak::api
