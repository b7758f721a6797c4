// Everything that the platform knows of smartphone pre-reservation.
#include "demo/prereservation.h"
#include "aggregates/prereservation/system.h"
#include "api/systems/prereservation/routes.h"
#include "api/systems/prereservation/settings.h"
#include "program/systems.h"
#include "projections/prereservation/views.h"
#include "replay-tools/audit/systems/prereservation.h"

namespace yeyak::program {
namespace {

constexpr PersonKind kinds[] = {{.kind = "user", .example = "17", .tag = "user"}};

using namespace api::access;
using http::Method;

constexpr std::string_view staff[] = {"seller"};

constexpr api::AccessRow access[] = {
    {Method::post, "/preReservations", own_command},
    {Method::delete_, "/preReservations/{id}", own_command},
    {Method::get, "/preReservations", own_rows},
    {Method::get, "/preReservations/{id}", own_rows},
    {Method::get, "/payments", own_rows},
    {Method::get, "/payments/{id}", own_rows},
    {Method::get, "/receipts", own_rows},
    {Method::get, "/receipts/{id}", own_rows},
    {Method::get, "/myReservations", own_rows},
    {Method::get, "/myReservations/{id}", own_rows},
};

constexpr std::string_view personal_streams[] = {"prereservation.receipt"};

}  // namespace

extern const System prereservation_system;
constinit const System prereservation_system{
    .rules = {.name = "prereservation",
              .install = &prereservation::install,
              .payments = {.context = "payment"}},
    .add_views = &projections::add_prereservation_views,
    .people = kinds,
    .audit = &tools::prereservation_system,
    .add_routes = &api::add_prereservation_routes,
    .staff = staff,
    .access = access,
    .personal_streams = personal_streams,
    .settings = &api::prereservation_settings,
    .demo = &demo::prereservation_script,
    .try_path = "/preReservations",
    .try_body =
        R"({"userId":1,"userAddress":"seoul","productId":1,"productName":"fold","price":1300000,)"
        R"("cardNo":"1234-1234-1234-1234"})",
};

}  // namespace yeyak::program
