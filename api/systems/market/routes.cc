#include "api/systems/market/routes.h"

namespace yeyak::api {

void add_market_routes(http::Router&, Runtime&, const Mount&) {}

}  // namespace yeyak::api
