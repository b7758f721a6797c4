// Everything that the platform knows of the market.
#include "demo/market.h"
#include "aggregates/market/system.h"
#include "api/systems/market/routes.h"
#include "api/systems/market/settings.h"
#include "program/systems.h"
#include "projections/market/views.h"
#include "replay-tools/audit/systems/market.h"

namespace yeyak::program {
namespace {

constexpr PersonKind kinds[] = {
    {.kind = "user", .example = "3", .tag = "user"},
    // Made without a customer.
    {.kind = "reservation", .example = "12", .stream = "market.reservation"},
};

}  // namespace

extern const System market_system;
constinit const System market_system{
    .rules = {.name = "market",
              .install = &market::install,
              .payments = {.context = "market.payment"}},
    .add_views = &projections::add_market_views,
    .people = kinds,
    .audit = &tools::market_system,
    .add_routes = &api::add_market_routes,
    .settings = &api::market_settings,
    .demo = &demo::market_script,
    .try_path = "/product",
    .try_body = R"({"productName":"Phone","productStatus":"01"})",
};

}  // namespace yeyak::program
