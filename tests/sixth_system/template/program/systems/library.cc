// Everything that the platform knows of the library.
#include "demo/library.h"
#include "aggregates/library/loan.h"
#include "api/systems/library/routes.h"
#include "program/systems.h"
#include "projections/library/loans.h"
#include "replay-tools/audit/systems/library.h"

namespace yeyak::program {
namespace {

constexpr PersonKind kinds[] = {{.kind = "user", .example = "3", .tag = "user"}};

using namespace api::access;
using http::Method;

constexpr std::string_view staff[] = {"librarian"};

constexpr api::AccessRow access[] = {
    {Method::post, "/loans", own_command},
    {Method::post, "/loans/{id}/lending", staff_command},
    {Method::post, "/loans/{id}/return", staff_command},
    {Method::post, "/loans/{id}/fine", staff_command},
    {Method::post, "/loans/{id}/payment", own_command},
    {Method::get, "/loans", own_rows},
    {Method::get, "/loans/{id}", own_rows},
};

}  // namespace

extern const System library_system;
constinit const System library_system{
    .rules = {.name = "library",
              .install = &library::install,
              .payments = {.context = "library.payment"}},
    .add_views = &projections::add_library_views,
    .people = kinds,
    .audit = &tools::library_system,
    .add_routes = &api::add_library_routes,
    .staff = staff,
    .access = access,
    .demo = &demo::library_script,
    .try_path = "/loans",
    .try_body = R"({"userId":3,"userName":"Jieun Lee","book":"Pachinko"})",
};

}  // namespace yeyak::program
