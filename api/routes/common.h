// What every route needs: who asked, under which key, and how refusals and failures become answers.
#pragma once
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/http.h"
#include "api/http/problem.h"
#include "eventstore/event_store.h"
#include "kernel/actor.h"
#include "kernel/json.h"
#include "kernel/message.h"

namespace yeyak::api {

using eventstore::EventPtr;
using eventstore::Position;
using eventstore::StoreError;
using eventstore::StoreResult;

// Where a request came from, as the log may say it for ever: the network of a public address
// ("192.0.2.0/24", "2001:db8:1::/48"), all of an address that names no household.
std::string network_of(std::string_view address);

// The request as the cause of what follows, "http/REQUEST from NETWORK". The actor is who the
// caller says it is in X-Actor, otherwise `actor`; a problem when nobody can be called so.
std::expected<Cause, http::Response> cause_of(const http::Request& request, std::string actor);

// The refusal of a text that is kept for ever and tells a registration number.
http::Response personal_number(std::string_view field);

// A problem when the query has names that mean nothing here, with all of them: a filter that is
// misspelt would show everything. A value that is wrong is told alone, since what others may be
// depends on it: a position on asOf, a page on its size.
std::optional<http::Response> refuse_unknown_parameters(const http::Request& request,
                                                        const std::vector<std::string>& known);

// Fills key and fingerprint from Idempotency-Key; a problem when the key is malformed. `scope`
// keeps the keys of different operations apart, the actor that a request names those of different
// callers.
std::optional<http::Response> take_idempotency_key(const http::Request& request,
                                                   std::string_view scope, std::string& key,
                                                   std::string& fingerprint);

// 400 for what cannot be read, 422 for what does not fit.
http::Response problem_of(const JsonError& error);
http::Response problem_of(const StoreError& error);
// A stopped context, with the message of the founding documents in both languages.
http::Response context_down(std::string_view context);

// A handler that has its answer at once.
http::Handler at_once(std::function<http::Response(http::Request&)> answer);

// Adds where the command stands in the log: Yeyak-Position, Yeyak-Stream-Version when known, and a
// Link to the receipt: of the event at `version` of `stream` when it is given, which may stand
// before other events that the command caused; otherwise of the one at `position`.
void add_position(http::Response& response, Position position, std::uint64_t version = 0,
                  std::string_view stream = {});

// A whole number of a query or header; a problem when it is not one from `least` to `most`.
struct NumberParameter {
    std::string_view name;
    std::int64_t least = 0;
    std::int64_t most = 0;
};
std::expected<std::optional<std::int64_t>, http::Response> number_of(
    std::optional<std::string_view> text, const NumberParameter& parameter);

}  // namespace yeyak::api
