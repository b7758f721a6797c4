#include "api/systems/phoneshop/routes.h"

namespace yeyak::api {

void add_phoneshop_routes(http::Router&, Runtime&, const Mount&) {}

}  // namespace yeyak::api
