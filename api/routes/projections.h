// The views as operators see them:
//   GET    /projections                        position, lag, parked events, builds
//   POST   /projections/{name}/rebuild         a new build beside the live one; "all" for all views
//   GET    /projections/{name}/rebuild         how far it is
//   DELETE /projections/{name}/rebuild         cancels it
//   POST   /projections/{name}/rebuild/pause, /resume
//   POST   /projections/{name}/rollback        readers see the build before the last switch again
//   GET    /projections/{name}/parked          events that could not be applied
//   POST   /projections/{name}/retry           tries them again
//   POST   /projections/{name}/skip            goes on without one of them, recorded in the log
#pragma once
#include "api/http/router.h"
#include "api/routes/server.h"

namespace yeyak::api {

void add_projection_routes(http::Router& router, const Server& at);

}  // namespace yeyak::api
