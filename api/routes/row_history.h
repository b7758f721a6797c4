// GET /projections/{name}/rows/{key}/history: which events made a row, and what each changed.
#pragma once
#include "api/http/router.h"
#include "server/reads.h"

namespace yeyak::api {

void add_row_history_route(http::Router& router, server::Reads& reads);

}  // namespace yeyak::api
