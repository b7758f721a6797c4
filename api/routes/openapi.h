// GET /openapi.json: the OpenAPI 3.1 description of every route, made from the route table itself.
#pragma once
#include <string>

#include "api/access/access_table.h"
#include "api/http/router.h"

namespace yeyak::api {

// With a table it says which roles may use each operation (x-roles), and that a token is needed;
// without one nobody is asked for a token.
std::string openapi_document(const http::Router& router, std::string_view version,
                             const AccessTable* table = nullptr);
// Call last: the document is made once, of the routes there are.
void add_openapi_route(http::Router& router, std::string_view version,
                       const AccessTable* table = nullptr);

}  // namespace yeyak::api
