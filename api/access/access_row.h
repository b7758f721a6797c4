// Who may use a route, and whose rows he reaches there: one row of the table of all routes
// (access_table.h). The rows of the platform stand in platform_access.cc, those of a system in its
// manifest (program/systems.h).
#pragma once
#include <optional>
#include <string_view>

#include "api/http/caller.h"
#include "api/http/http.h"

namespace yeyak::api {

// Roles that every system knows, as the claim "roles" says them. A system's staff has names of its
// own, and each of them counts in the systems that name it, nowhere else.
namespace role {
inline constexpr std::string_view customer = "customer";
inline constexpr std::string_view program = "program";  // own streams: see own_streams.h
inline constexpr std::string_view auditor = "auditor";
inline constexpr std::string_view operator_ = "operator";  // uses every route, and reaches all
}  // namespace role

// How far each role reaches; who is not named may not use the route.
struct Access {
    bool anybody = false;  // also without a token
    std::optional<http::Reach> customer = {};
    std::optional<http::Reach> staff = {};  // of the system whose route it is
    std::optional<http::Reach> program = {};
    std::optional<http::Reach> auditor = {};
};

// What most routes of systems have.
namespace access {
using enum http::Reach;
inline constexpr Access own_command{.customer = own, .staff = all};
inline constexpr Access own_rows{.customer = own, .staff = all, .auditor = look};
inline constexpr Access staff_command{.staff = all};
inline constexpr Access rows_of_nobody{.customer = look, .staff = all, .auditor = look};
inline constexpr Access operators{};
}  // namespace access

struct AccessRow {
    http::Method method;       // get is also head
    std::string_view pattern;  // of a system's route: behind its mount
    Access access = {};
    std::string_view staff_role = {};  // which of the system's staff; empty: all of them
};

}  // namespace yeyak::api
