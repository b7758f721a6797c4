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

using namespace api::access;
using http::Method;

constexpr std::string_view staff[] = {"hospital"};

constexpr api::AccessRow access[] = {
    {Method::post, "/user/date", own_command},
    {Method::post, "/user/reserve", own_command},
    {Method::post, "/user/cancel", own_command},
    {Method::post, "/hospital/inject", staff_command},
    {Method::post, "/hospital/no-show", staff_command},
    {Method::get, "/users", own_rows},
    {Method::get, "/users/{id}", own_rows},
    {Method::get, "/reservations", own_rows},
    {Method::get, "/reservations/{id}", own_rows},
    {Method::get, "/reservation", own_rows},
    {Method::get, "/reservation/{id}", own_rows},
    {Method::get, "/hospitals", own_rows},
    {Method::get, "/hospitals/{id}", own_rows},
    {Method::get, "/hospital", own_rows},
    {Method::get, "/hospital/{id}", own_rows},
    {Method::get, "/stocks", own_rows},
    {Method::get, "/stocks/{id}", own_rows},
    {Method::get, "/stock", own_rows},
    {Method::get, "/stock/{id}", own_rows},
    {Method::get, "/supplies", rows_of_nobody},
    {Method::get, "/supplies/{id}", rows_of_nobody},
    {Method::get, "/dashboard/list", own_rows},
    {Method::get, "/dashboard/list/{vaccineType}", own_rows},
    {Method::get, "/healthcheck", operators},
    {Method::delete_, "/healthcheck", operators},
    {Method::post, "/healthcheck", operators},
    {Method::get, "/user/hpa", operators},
};

constexpr std::string_view personal_streams[] = {"vaccination.reservation",
                                                 "vaccination.appointment"};

}  // namespace

extern const System vaccination_system;
constinit const System vaccination_system{
    .rules = {.name = "vaccination", .install = &vaccination::install},
    .add_views = &projections::add_vaccination_views,
    .people = kinds,
    .audit = &tools::vaccination_system,
    .add_routes = &api::add_vaccination_routes,
    .staff = staff,
    .access = access,
    .personal_streams = personal_streams,
    .begin = &api::begin_vaccination,
    .close_days = &api::close_vaccination_days,
    .settings = &api::vaccination_settings,
    .demo = &demo::vaccination_script,
    .try_path = "/user/date",
    .try_body = R"({"userName":"Taeyeon Kim","userRegNumber":"890309-2766876"})",
};

}  // namespace yeyak::program
