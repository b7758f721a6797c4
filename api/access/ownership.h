// Whose a row is, for callers who reach their own things only (http::Reach::own).
//
// The owner of a row is the actor of the first event of the stream that the row is about
// (projections::Subject). This is one rule for all systems: the actor is recorded, and a stream has
// one first event for ever, so an owner never changes, and what was written without tokens has one,
// too. A row about nobody is shown to whomever the table of routes lets look. To a caller what is
// not his is as if it were not there.
#pragma once
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "api/http/http.h"
#include "projections/runner/projector.h"
#include "server/reads.h"

namespace yeyak::api {

// The caller, when he reaches his own things only; null when all is open to who asks.
const http::Caller* bound_caller(const http::Request& request);

// What a caller owns things as. Empty when his name is one that the program gives to whoever does
// not say who he is: those who did not are not one person.
std::string owner_name(const http::Caller& caller);

// Whether the stream, or the row of a view, is his. `about` is the stream of a row where the view
// does not say it; null: it does.
using About = std::string (*)(std::string_view row);
eventstore::StoreResult<bool> owns(server::Reads& reads, const http::Caller& caller,
                                   std::string_view stream);
eventstore::StoreResult<bool> owns_row(server::Reads& reads, const http::Caller& caller,
                                       const projections::View& view, About about,
                                       std::string_view row);

// Whether there is a row for who asks; empty when there are all of the view. For the time of the
// request.
using IsThere = std::function<eventstore::StoreResult<bool>(std::string_view row)>;
IsThere rows_for(server::Reads& reads, const http::Request& request, const projections::View& view,
                 About about);

// The number of a customer that a body names in `field`: a bound caller's is his own, also when the
// body leaves it out; 403 when it is another's, or when he has none. Of all others it is as given.
std::expected<std::optional<std::int64_t>, http::Response> customer_of(
    const http::Request& request, std::string_view field, std::optional<std::int64_t> given);

}  // namespace yeyak::api
