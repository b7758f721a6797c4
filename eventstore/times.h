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

// --- what an older program has left out ---

// A program from before this table writes events without entries. How far entries are known to be
// complete stands in Table::checkpoint, under this key; a writer moves it on after so many events.
inline constexpr std::string_view times_follower = "times";
inline constexpr Position times_marked_every = 65'536;
std::string times_mark(Position complete_to);

// Adds the entries that are missing behind that position; how many they were. Reads the events
// behind it: those that an older program has written, and twice times_marked_every at most beside
// them. An error when they cannot be written; what cannot be read is left as it is, for the audit.
StoreResult<std::size_t> mend_times(EventStore& log);

}  // namespace yeyak::eventstore
