// Everything that the platform knows of the repair shop.
#include "demo/repairshop.h"
#include "aggregates/repairshop/system.h"
#include "api/systems/repairshop/routes.h"
#include "api/systems/repairshop/settings.h"
#include "program/systems.h"
#include "projections/repairshop/views.h"
#include "replay-tools/audit/systems/repairshop.h"

namespace yeyak::program {
namespace {

constexpr PersonKind kinds[] = {
    {.kind = "vehicle", .example = "0101", .value = PersonKind::Value::personal},
};

using namespace api::access;
using http::Method;

constexpr std::string_view staff[] = {"clerk", "repairer"};

constexpr api::AccessRow access[] = {
    {Method::post, "/receipts", own_command, "clerk"},
    {Method::patch, "/receipts/{id}", own_command, "clerk"},
    {Method::patch, "/repairs/{id}", staff_command, "repairer"},
    {Method::get, "/receipts", own_rows},
    {Method::get, "/receipts/{id}", own_rows},
    {Method::get, "/repairs", own_rows},
    {Method::get, "/repairs/{id}", own_rows},
    {Method::get, "/payments", own_rows},
    {Method::get, "/payments/{id}", own_rows},
    {Method::get, "/deliveries", own_rows},
    {Method::get, "/deliveries/{id}", own_rows},
    {Method::get, "/displays", own_rows},
    {Method::get, "/displays/{id}", own_rows},
};

constexpr std::string_view personal_streams[] = {"repairshop.repair", "repairshop.delivery"};

}  // namespace

extern const System repairshop_system;
constinit const System repairshop_system{
    .rules = {.name = "repairshop",
              .install = &repairshop::install,
              .payments = {.context = "repairshop.payment"}},
    .add_views = &projections::add_repairshop_views,
    .people = kinds,
    .audit = &tools::repairshop_system,
    .add_routes = &api::add_repairshop_routes,
    .staff = staff,
    .access = access,
    .personal_streams = personal_streams,
    .settings = &api::repairshop_settings,
    .demo = &demo::repairshop_script,
    .try_path = "/receipts",
    .try_body = R"({"vehiNo":"0101","stat":"REPAIRREQUEST"})",
};

}  // namespace yeyak::program
