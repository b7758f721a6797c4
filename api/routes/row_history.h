// GET /projections/{name}/rows/{key}/history: which events made a row, and what each changed.
#pragma once
#include "api/http/router.h"
#include "api/routes/common.h"

namespace yeyak::api {

void add_row_history_route(http::Router& router, server::Runtime& runtime);

}  // namespace yeyak::api
