// Whether an event counts for a row: the decisions that builders and tracers of every view share.
// They stand apart from the templates that use them, so that they can be changed, and tried out
// changed, without building every view anew.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "eventstore/event.h"

namespace yeyak::projections {

// The row holds the event of its source stream with this version, or a later one.
bool counted_already(eventstore::Version seen, eventstore::Version version);

// An operator decided that views go on without the event.
bool is_skipped(const std::set<eventstore::Position>& skipped, eventstore::Position position);

// An earlier event of the stream waits, so that this one must wait behind it. `parked` counts the
// waiting events of each stream, `now` are the streams that began to wait in this batch.
bool waits_behind(const std::map<std::string, std::uint64_t, std::less<>>& parked,
                  const std::set<std::string, std::less<>>& now, std::string_view stream);

}  // namespace yeyak::projections
