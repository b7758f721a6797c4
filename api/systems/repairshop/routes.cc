#include "api/systems/repairshop/routes.h"

namespace yeyak::api {

void add_repairshop_routes(http::Router&, Runtime&, const Mount&) {}

}  // namespace yeyak::api
