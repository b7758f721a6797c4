// What the OpenAPI document says of the repair shop's commands.
#pragma once
#include "api/http/router.h"

namespace yeyak::api::repairshop_docs {

http::RouteDoc take_in();
http::RouteDoc change_receipt();
http::RouteDoc change_repair();

}  // namespace yeyak::api::repairshop_docs
