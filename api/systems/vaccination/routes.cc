#include "api/systems/vaccination/routes.h"

namespace yeyak::api {

void add_vaccination_routes(http::Router&, Runtime&, const Mount&) {}

}  // namespace yeyak::api
