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

using namespace api::access;
using http::Method;

constexpr std::string_view staff[] = {"store"};

constexpr api::AccessRow access[] = {
    {Method::post, "/orders", own_command},         {Method::delete_, "/orders/{id}", own_command},
    {Method::post, "/storeManages", staff_command}, {Method::get, "/orders", own_rows},
    {Method::get, "/orders/{id}", own_rows},        {Method::get, "/payments", own_rows},
    {Method::get, "/payments/{id}", own_rows},      {Method::get, "/storeManages", own_rows},
    {Method::get, "/storeManages/{id}", own_rows},  {Method::get, "/customers", own_rows},
    {Method::get, "/customers/{id}", own_rows},
};

constexpr std::string_view personal_streams[] = {"phoneshop.store_order"};

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
    .staff = staff,
    .access = access,
    .personal_streams = personal_streams,
    .settings = &api::phoneshop_settings,
    .demo = &demo::phoneshop_script,
    .try_path = "/orders",
    .try_body = R"({"item":"note21","qty":2})",
};

}  // namespace yeyak::program
