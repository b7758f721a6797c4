#include "api/access/ownership.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/http/problem.h"
#include "kernel/actor.h"
#include "server/platform.h"

namespace yeyak::api {
namespace {

using eventstore::StoreResult;

// Who it was when nobody said so, on the routes of all systems.
constexpr std::string_view stand_ins[] = {nobody,      "customer",   "desk", "hospital",
                                          "reception", "repairshop", "user"};

}  // namespace

const http::Caller* bound_caller(const http::Request& request) {
    const auto* caller = request.caller.get();
    return caller != nullptr && caller->reach == http::Reach::own ? caller : nullptr;
}

std::string owner_name(const http::Caller& caller) {
    const bool stands_in = std::ranges::find(stand_ins, caller.subject) != std::end(stand_ins);
    return stands_in || is_program(caller.subject) ? std::string{} : caller.subject;
}

StoreResult<bool> owns(server::Reads& reads, const http::Caller& caller, std::string_view stream) {
    const auto name = owner_name(caller);
    if (name.empty()) return false;
    const auto owner = reads.begun_by(stream);
    if (!owner) return std::unexpected(owner.error());
    return *owner == name;
}

StoreResult<bool> owns_row(server::Reads& reads, const http::Caller& caller,
                           const projections::View& view, About about, std::string_view row) {
    if (about == nullptr && view.subject() == projections::Subject{}) return true;
    return owns(reads, caller, about ? about(row) : projections::stream_of_row(view, row));
}

IsThere rows_for(server::Reads& reads, const http::Request& request, const projections::View& view,
                 About about) {
    const auto* caller = bound_caller(request);
    if (caller == nullptr || (about == nullptr && view.subject() == projections::Subject{}))
        return {};
    return [&reads, caller, &view, about](std::string_view row) {
        return owns_row(reads, *caller, view, about, row);
    };
}

std::expected<std::optional<std::int64_t>, http::Response> customer_of(
    const http::Request& request, std::string_view field, std::optional<std::int64_t> given) {
    const auto* caller = bound_caller(request);
    if (caller == nullptr) return given;
    if (!caller->customer)
        return std::unexpected(http::problem(
            403, "no_customer_number",
            fmt::format("the token names no customer, so nothing can be ordered with it; its sub "
                        "must be user:NUMBER, or its claim customer a number for {}",
                        field),
            field));
    if (given.value_or(*caller->customer) != *caller->customer)
        return std::unexpected(http::problem(
            403, "another_customer",
            fmt::format("{} is that of another customer; yours is {}", field, *caller->customer),
            field));
    return caller->customer;
}

}  // namespace yeyak::api
