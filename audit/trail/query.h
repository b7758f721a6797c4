// What a trail is asked for, from the command line and over HTTP alike: named values, all of which
// must hold of an event.
//
// - person=P: what concerns a person, and what belongs to that; person.h says how they are named
// - order=STREAM: what belongs to an order, a reservation, a receipt …, payment and saga included
// - saga=STREAM: the same for a saga
// - stream=STREAM: the events of one stream and nothing else
// - correlation=C: everything that followed from one request
// - actor=A: on whose behalf
// - type=GLOB: payment.*, *cancelled*; several: any of them
// - system=NAME: of one business system, its payments and notifications included
// - from=, to=: a position, an RFC 3339 time, or a day in Seoul; both ends count
// - after=, limit=: a page: events after this position, at most so many
#pragma once
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/event.h"
#include "kernel/json.h"
#include "kernel/parameters.h"

namespace yeyak::trail {

using eventstore::Position;
using eventstore::RecordedEvent;

// All that is wrong with a query, by itself; `detail` goes on after the name of the field.
using Faults = std::vector<JsonError>;

// Why a query cannot be answered, for the person who asks.
struct Mistake {
    int status = 400;
    std::string code;
    std::string field;
    std::string detail;
};

inline constexpr std::size_t longest_person = 180;  // bytes; "person:" before it makes a tag

struct Query {
    std::string person;
    std::string order;
    std::string saga;
    std::string stream;
    std::string correlation;
    std::string actor;
    std::string system;
    std::vector<std::string> types;
    std::string from;  // as given; what they mean is below
    std::string to;
    Position after = 0;
    std::uint64_t limit = 0;  // 0: none

    Position from_position = 0;
    std::optional<Position> to_position;
    std::optional<Instant> from_time;
    std::optional<Instant> to_time;
};

// Refuses what it does not know.
std::expected<Query, Faults> parse_query(const Parameters& values);

// "order=prereservation.reservation-1&type=payment.*": what is recorded and printed of a query.
std::string to_text(const Query& query);

// All but person, order and saga, which need the log.
bool matches(const Query& query, const RecordedEvent& event);

// '*' stands for any text, also none. At most their lengths multiplied in time.
bool glob_matches(std::string_view glob, std::string_view text);

}  // namespace yeyak::trail
