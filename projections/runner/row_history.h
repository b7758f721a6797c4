// Which events made a row: found in the log by the categories of the view, folded by a tracer of
// that row alone. Costs one read of all events of those categories up to `last`, and memory for one
// page of them.
#pragma once
#include <functional>
#include <string_view>

#include "projections/runner/as_of.h"
#include "projections/runner/row_changes.h"

namespace yeyak::projections {

struct RowHistoryQuery {
    const View* view = nullptr;
    std::string key;  // as people write it: a number or a text
    Position last = 0;
    Position without = 0;  // an event to be left out, as if it had never been; 0: none
};

struct RowHistory {
    std::optional<StoredRow> row;  // as it stands after `last`; none: no event made it
    std::uint64_t events = 0;      // that made it
    std::uint64_t unreadable = 0;  // events of its categories that the view cannot read
    std::string first_unreadable;  // which, and why
    bool left_out = false;         // the event at `without` is one of them, and was left out
};

// Calls `made` for each event that made the row, in order.
using Made = std::function<void(const eventstore::EventPtr& event, const Touch& touch)>;
StoreResult<RowHistory> row_history(const eventstore::EventStore& log, const RowHistoryQuery& query,
                                    const Made& made, const Reached& reached);

// The keys that rows of a text may be stored under: the text itself, and the number when it is one.
std::vector<std::string> keys_named(std::string_view text);

// One event and what it changed, as a JSON object:
// {"position":…,"type":…,"stream":…,"version":…,"time":…,"actor":…,"causationId":…,
//  "correlationId":…,"changes":[{"field":…,"before":…,"after":…}]}
// "before" is null for the first event, which brings the whole row.
std::string json_of_touch(const eventstore::RecordedEvent& event, const Touch& touch);
std::string json_of_changes(const std::vector<FieldChange>& changes);

}  // namespace yeyak::projections
