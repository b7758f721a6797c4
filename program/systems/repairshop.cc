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
    .settings = &api::repairshop_settings,
    .demo = &demo::repairshop_script,
    .try_path = "/receipts",
    .try_body = R"({"vehiNo":"0101","stat":"REPAIRREQUEST"})",
};

}  // namespace yeyak::program
