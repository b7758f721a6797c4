// The rows of one caller, found without going through those of all others.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/http/http.h"
#include "projections/runner/projector.h"
#include "server/reads.h"

namespace yeyak::api {

// Whoever began more streams than this goes through all rows of a list.
inline constexpr std::size_t most_own_keys = 10'000;

// The keys of all rows of the view at `position` that can be the caller's, in order, by the view
// `owners`. Nothing when the rows must be gone through: when that view is not as far, or the rows
// have not the numbers of the streams that they are about.
boost::asio::awaitable<eventstore::StoreResult<std::optional<std::vector<std::string>>>> own_keys(
    server::Reads& reads, const http::Caller& caller, const projections::View& view,
    eventstore::Position position);

}  // namespace yeyak::api
