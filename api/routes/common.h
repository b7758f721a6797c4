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

// The request as the cause of what follows, "http/REQUEST from NETWORK". A problem when nobody can
// be called as it says.
//
// Who has a token is the actor by its subject, and may name no other in X-Actor; an operator may,
// and then the cause says who asked, too: "http/REQUEST by operator:1 from NETWORK". Where nobody
// is asked for a token the actor is who X-Actor says it is, otherwise `actor`.
std::expected<Cause, http::Response> cause_of(const http::Request& request, std::string actor);

// The refusal of a text that is kept for ever and tells a registration number.
http::Response personal_number(std::string_view field);

// The refusal of who names another actor than he is.
http::Response actor_not_yours(std::string_view field);

// Fills key and fingerprint from Idempotency-Key; a problem when the key is malformed. `scope`
// keeps the keys of different operations apart, the subject of a token and the actor that a request
// names those of different callers.
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

// A whole number of a query, a path or a field of the head.
struct NumberParameter {
    std::string_view name;
    std::int64_t least = 0;
    std::int64_t most = 0;
};
// Nothing when it is not one from `least` to `most`.
std::optional<std::int64_t> parse_number(std::string_view text, const NumberParameter& parameter);
// "is a whole number from 1 to 1000".
std::string number_rule(const NumberParameter& parameter);

}  // namespace yeyak::api
