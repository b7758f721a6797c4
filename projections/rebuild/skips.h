// Which events operators have decided that views go on without (operations::EventSkipped), read
// from the log: every build of a view, now and later, honours them.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "eventstore/event_store.h"

namespace yeyak::projections {

// Positions by view.
using Skips = std::map<std::string, std::set<eventstore::Position>, std::less<>>;

// Those of one view.
const std::set<eventstore::Position>& skipped_in(const Skips& skips, std::string_view view);

// Those that were recorded up to and with `last`.
eventstore::StoreResult<Skips> read_skips(const eventstore::EventStore& store,
                                          eventstore::Position last = UINT64_MAX);

// The stream that they are recorded in, and what one of its events adds to them.
std::string skips_stream();
eventstore::StoreResult<void> add_skip(Skips& skips, const eventstore::RecordedEvent& event);

}  // namespace yeyak::projections
