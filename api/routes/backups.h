// Backups over HTTP: POST /audit/backups begins one in the background, GET /audit/backups and
// GET /audit/backups/{id} tell how far it is.
#pragma once
#include "api/http/router.h"
#include "server/upkeep.h"

namespace yeyak::api {

void add_backup_routes(http::Router& router, server::Upkeep& upkeep);

}  // namespace yeyak::api
