#include "api/access/access_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace yeyak::api {

using http::Reach;

namespace {

// A smaller one reaches further: the order of the enumeration.
static_assert(Reach::all < Reach::look && Reach::look < Reach::own);

constexpr std::string_view platform_roles[] = {role::customer, role::program, role::auditor,
                                               role::operator_};

bool is_among(std::string_view name, std::span<const std::string_view> names) {
    return std::ranges::find(names, name) != names.end();
}

std::string name_of(http::Method method, std::string_view pattern) {
    return fmt::format("{} {}", http::to_string(method), pattern);
}

}  // namespace

std::string_view to_string(Reach reach) {
    switch (reach) {
        case Reach::all:
            return "all";
        case Reach::look:
            return "look";
        case Reach::own:
            return "own";
    }
    return "";
}

std::optional<Reach> RouteAccess::reach(std::span<const std::string> roles) const {
    std::optional<Reach> furthest;
    for (const auto& [role, reach] : grants_)
        if (std::ranges::find(roles, role) != roles.end())
            furthest = std::min(furthest.value_or(reach), reach);
    return furthest;
}

void AccessTable::add(std::span<const AccessRow> rows) {
    for (const auto& row : rows) add_row(row, "", {});
}

void AccessTable::add(std::span<const AccessRow> rows, std::string_view mount,
                      std::span<const std::string_view> staff) {
    for (const auto name : staff)
        if (is_among(name, platform_roles))
            mistakes_.push_back(fmt::format("{} is no role of a staff", name));
    for (const auto& row : rows) add_row(row, mount, staff);
}

void AccessTable::add_row(const AccessRow& row, std::string_view mount,
                          std::span<const std::string_view> staff) {
    auto pattern = fmt::format("{}{}", mount, row.pattern);
    const auto told = name_of(row.method, pattern);
    if (!row.staff_role.empty() && !is_among(row.staff_role, staff))
        mistakes_.push_back(
            fmt::format("the row of {} names {}, who is not of this staff", told, row.staff_role));
    const auto& access = row.access;
    if (access.staff && staff.empty())
        mistakes_.push_back(fmt::format("the row of {} is for a staff that has no role", told));
    RouteAccess made;
    made.anybody_ = access.anybody;
    const auto grant = [&](std::string_view role, std::optional<Reach> reach) {
        if (reach) made.grants_.emplace_back(role, *reach);
    };
    grant(role::customer, access.customer);
    for (const auto name : staff)
        if (row.staff_role.empty() || row.staff_role == name) grant(name, access.staff);
    grant(role::program, access.program);
    grant(role::auditor, access.auditor);
    grant(role::operator_, Reach::all);
    if (!routes_.emplace(Key{row.method, std::move(pattern)}, std::move(made)).second)
        mistakes_.push_back(fmt::format("{} has two rows", told));
}

std::expected<void, std::string> AccessTable::fits(const http::Router& router) const {
    auto wrong = mistakes_;
    std::size_t found = 0;
    for (const auto& route : router.routes()) {
        if (find(route))
            ++found;
        else
            wrong.push_back(fmt::format("{} has no row", name_of(route.method, route.pattern)));
    }
    for (const auto& [key, access] : routes_) {
        const auto is_it = [&](const http::Route& route) {
            return route.method == key.first && route.pattern == key.second;
        };
        if (found < routes_.size() && std::ranges::none_of(router.routes(), is_it))
            wrong.push_back(
                fmt::format("the row of {} has no route", name_of(key.first, key.second)));
    }
    if (wrong.empty()) return {};
    return std::unexpected(fmt::format("who may use which route is not told for all of them: {}",
                                       fmt::join(wrong, "; ")));
}

const RouteAccess* AccessTable::find(http::Method method, std::string_view pattern) const {
    const auto found = routes_.find(std::pair{method, pattern});
    return found == routes_.end() ? nullptr : &found->second;
}

}  // namespace yeyak::api
