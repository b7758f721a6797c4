// Everything that the platform knows of vaccination.
#include "demo/vaccination.h"
#include "aggregates/vaccination/system.h"
#include "api/systems/vaccination/routes.h"
#include "api/systems/vaccination/settings.h"
#include "program/systems.h"
#include "projections/vaccination/views.h"
#include "replay-tools/audit/systems/vaccination.h"

namespace yeyak::program {
namespace {

constexpr PersonKind kinds[] = {
    {.kind = "reg",
     .example = "890309-2766876",
     .value = PersonKind::Value::registration,
     .tag = "person",
     .recorded_as = "person"},
    {.kind = "person", .example = "TOKEN", .value = PersonKind::Value::token, .tag = "person"},
};

}  // namespace

extern const System vaccination_system;
constinit const System vaccination_system{
    .rules = {.name = "vaccination", .install = &vaccination::install},
    .add_views = &projections::add_vaccination_views,
    .people = kinds,
    .audit = &tools::vaccination_system,
    .add_routes = &api::add_vaccination_routes,
    .begin = &api::begin_vaccination,
    .close_days = &api::close_vaccination_days,
    .settings = &api::vaccination_settings,
    .demo = &demo::vaccination_script,
    .try_path = "/user/date",
    .try_body = R"({"userName":"Taeyeon Kim","userRegNumber":"890309-2766876"})",
};

}  // namespace yeyak::program
