// asOf=<position|RFC 3339 time> of every list and row of a view, and what the refusals of reading
// the past are. See docs/views-in-time.md.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <expected>
#include <optional>
#include <string>

#include "api/http/http.h"
#include "api/http/router.h"
#include "api/routes/query.h"
#include "projections/runner/as_of.h"
#include "server/reads.h"

namespace yeyak::api {

// What asOf names; nothing when it is not there, or is wrong.
std::optional<projections::AsOfPoint> as_of_asked(QueryReader& query);

// The position that it means, at most the head of the log; a problem for anything else. Reads a few
// events when it is a time.
std::expected<eventstore::Position, http::Response> position_asked(const server::Reads& reads,
                                                                   projections::AsOfPoint as_of);

// The view as of that position, built when it is not there yet; a problem when that is not to be
// had.
boost::asio::awaitable<std::expected<server::ViewAt, http::Response>> view_as_of(
    server::Reads& reads, std::string view, projections::AsOfPoint as_of);

// `command` answers the same without a bound: what a refusal because of the distance names.
http::Response problem_of(const server::PastError& error, std::string_view parameter,
                          std::string_view command);

// Adds the parameter and its refusals.
void describe_as_of(http::RouteDoc& doc);

}  // namespace yeyak::api
