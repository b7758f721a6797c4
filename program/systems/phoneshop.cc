// Everything that the platform knows of the phone shop.
#include "demo/phoneshop.h"
#include "aggregates/phoneshop/system.h"
#include "api/systems/phoneshop/routes.h"
#include "api/systems/phoneshop/settings.h"
#include "program/systems.h"
#include "projections/phoneshop/views.h"
#include "replay-tools/audit/systems/phoneshop.h"

namespace yeyak::program {
namespace {

// Knows no persons: every order has a key of its own.
constexpr PersonKind kinds[] = {
    {.kind = "order", .example = "5", .stream = "phoneshop.order", .has_key = false},
};

std::int64_t payment_timeout_ms(const server::ServeConfig& config) {
    return config.of<api::PhoneshopSettings>().payment_timeout_ms;
}

}  // namespace

extern const System phoneshop_system;
constinit const System phoneshop_system{
    .rules = {.name = "phoneshop",
              .install = &phoneshop::install,
              .payments = {.context = "pay", .timeout_ms = &payment_timeout_ms}},
    .add_views = &projections::add_phoneshop_views,
    .people = kinds,
    .audit = &tools::phoneshop_system,
    .add_routes = &api::add_phoneshop_routes,
    .settings = &api::phoneshop_settings,
    .demo = &demo::phoneshop_script,
    .try_path = "/orders",
    .try_body = R"({"item":"note21","qty":2})",
};

}  // namespace yeyak::program
