#include "api/access/own_streams.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/http/problem.h"

namespace yeyak::api {
namespace {

bool has_all(const http::Caller* caller) { return !caller || caller->reach != http::Reach::own; }

bool begins(std::string_view name, const std::vector<std::string>& prefixes) {
    return std::ranges::any_of(prefixes,
                               [&](const auto& prefix) { return name.starts_with(prefix); });
}

}  // namespace

bool may_read(const http::Caller* caller, std::string_view stream) {
    return has_all(caller) || begins(stream, caller->may_read);
}

bool may_write(const http::Caller* caller, std::string_view stream) {
    return has_all(caller) || begins(stream, caller->may_write);
}

bool may_read(const http::Caller* caller, const eventstore::Filter& filter) {
    if (has_all(caller)) return true;
    return !filter.categories.empty() &&
           std::ranges::all_of(filter.categories, [&](const auto& category) {
               return begins(category + "-", caller->may_read);
           });
}

http::Response stream_not_yours(std::string_view stream) {
    return http::problem(403, "stream_not_yours",
                         fmt::format("the token has no prefix for writing (streams_write) that {} "
                                     "begins with",
                                     stream),
                         "stream");
}

http::Response condition_not_yours() {
    return http::problem(403, "condition_not_yours",
                         "a condition names categories, each of streams that the token has a "
                         "prefix for reading (streams_read) for",
                         "conditions");
}

}  // namespace yeyak::api
