// Where the events of a time stand, without reading the others. Times go back along a log where a
// clock was set back between two runs, and hardly ever else. Where they do is kept in Table::time:
// each entry is the first position of a run of events whose times do not go back. A new log has an
// entry at 1; what stands before the first entry was written before this table was, and may be in
// any order.
//
// Reading is for any thread.
#pragma once
#include <optional>
#include <vector>

#include "eventstore/event_store.h"

namespace yeyak::eventstore {

struct Span {
    Position first = 0;
    Position last = 0;
    bool operator==(const Span&) const = default;
};

// Of the events up to `head`: every event of the time, both ends included, stands in one of these
// spans, which are in order. A few events are read for each run.
StoreResult<std::vector<Span>> spans_of(const EventStore& log, std::optional<Instant> from,
                                        std::optional<Instant> to, Position head);

// The time of an event that is there.
StoreResult<Instant> time_of(const EventStore& log, Position position);

// Of an entry of Table::time.
std::string time_key(Position first);

}  // namespace yeyak::eventstore
