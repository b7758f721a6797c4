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

using namespace api::access;
using http::Method;

constexpr std::string_view staff[] = {"seller"};

constexpr api::AccessRow access[] = {
    {Method::post, "/product", staff_command},
    {Method::post, "/products", staff_command},
    {Method::patch, "/productupdate", staff_command},
    {Method::post, "/reservation", own_command},
    {Method::post, "/reservations", own_command},
    {Method::patch, "/reservationupdate", own_command},
    {Method::patch, "/paid", own_command},
    {Method::get, "/products", rows_of_nobody},
    {Method::get, "/products/{id}", rows_of_nobody},
    {Method::get, "/reservations", own_rows},
    {Method::get, "/reservations/{id}", own_rows},
    {Method::get, "/payments", own_rows},
    {Method::get, "/payments/{id}", own_rows},
    {Method::get, "/myPages", own_rows},
    {Method::get, "/myPages/{id}", own_rows},
    {Method::get, "/notices", own_rows},
};

constexpr std::string_view personal_streams[] = {"market.bill"};

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
    .staff = staff,
    .access = access,
    .personal_streams = personal_streams,
    .settings = &api::market_settings,
    .demo = &demo::market_script,
    .try_path = "/product",
    .try_body = R"({"productName":"Phone","productStatus":"01"})",
};

}  // namespace yeyak::program
