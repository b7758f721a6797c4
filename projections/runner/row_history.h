// Which events made a row: found in the log by the categories of the view, folded by a tracer of
// that row alone. Costs one read of all events of those categories up to `last`, and memory for one
// page of them.
#pragma once
#include <functional>
#include <set>
#include <string_view>

#include "projections/runner/as_of.h"
#include "projections/runner/row_changes.h"

namespace yeyak::projections {

// Follows rows as a build does: skipped events are left out, and what cannot be applied is parked
// with all that stands behind it in its stream. One thread.
class RowFollower {
  public:
    // `keys` as rows are stored; `skipped`: what operators have decided to go on without.
    RowFollower(const View& view, const std::vector<std::string>& keys, std::set<Position> skipped);
    // Events in the order of the log. What the event did to one of the rows.
    std::optional<Touch> see(const eventstore::RecordedEvent& event);

    std::uint64_t parked() const { return parked_; }
    const std::string& first_parked() const { return first_parked_; }  // which, and why
    std::string blank() const { return tracer_->blank(); }

  private:
    std::unique_ptr<Tracer> tracer_;
    std::set<Position> skipped_;
    std::set<std::string, std::less<>> streams_;  // with a parked event
    std::uint64_t parked_ = 0;
    std::string first_parked_;
};

struct RowHistoryQuery {
    const View* view = nullptr;
    std::string key;  // as people write it: a number or a text
    Position last = 0;
    Position without = 0;  // an event to be left out, as if it had never been; 0: none
    // What operators have decided to go on without.
    std::set<Position> skipped = {};
};

struct RowHistory {
    std::optional<StoredRow> row;  // as it stands after `last`; none: no event made it
    std::uint64_t events = 0;      // that made it
    // Events of its categories that the view cannot apply, and those that stand in their streams
    // behind such a one: all of them are parked.
    std::uint64_t unreadable = 0;
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
