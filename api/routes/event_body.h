// What clients may send to the log: events, plain or as CloudEvents 1.0 in each of their modes, and
// commits of many of them. It is said once, as of other bodies (body.h): the check, its words and
// the JSON Schema follow from the lists in event_body.cc, and header fields of the binary mode are
// read by the same list.
//
// An event without specversion is a plain one: only its type and data must be there, and its tags
// may be a list. `data` is kept byte for byte.
//
// What no list can say, because an event may have attributes of its writer's own: a misspelt name
// of lower-case letters and digits is such an attribute, and kept. The log itself counts what is
// large only together: the tags of a text, the attributes of an event and their bytes, the events
// of all appends, the values of all conditions (eventstore/staging.h).
#pragma once
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/routes/body.h"
#include "eventstore/event_store.h"

namespace yeyak::api {

// What a body is said to be: one event or an array of them, plain or not; one CloudEvent; an array
// of CloudEvents.
enum class Envelope { any, structured, batch };

// The body of POST /streams/{stream}.
std::expected<std::vector<eventstore::NewEvent>, BodyErrors> read_events(
    std::string_view body, Envelope envelope = Envelope::any);

// A CloudEvent without its data, of names and texts; each name is there once.
using Attributes = std::vector<std::pair<std::string, std::string>>;
std::expected<eventstore::NewEvent, BodyErrors> read_attributes(const Attributes& attributes);

// The body of POST /commits: {"appends":[{"stream":…,"expected":…,"events":[…]}],
// "conditions":[{"after":…,"categories":[…],"types":[…],"tags":[…]}]}.
std::expected<eventstore::Commit, BodyErrors> read_commit(std::string_view body);

http::BodySchema schema_of_events(Envelope envelope);
http::BodySchema schema_of_commit();

}  // namespace yeyak::api
