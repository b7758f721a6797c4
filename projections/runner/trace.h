// What each event did to single rows of a view: the rows are folded again from the log, apart from
// every build, and each event that counted is told with the row before and after it. Bounded by the
// number of rows that are traced, whatever the length of the log.
#pragma once
#include <optional>
#include <string>

#include "projections/runner/view_store.h"

namespace yeyak::projections {

struct Touch {
    std::string key;
    std::optional<StoredRow> before;  // none: the row began with this event
    StoredRow after;
    List list = List::active;  // where the row stands now
};

// One thread.
class Tracer {
  public:
    virtual ~Tracer() = default;
    // Events in the order of the log; those of other categories may be left out. Answers what the
    // event did when it counted for a traced row. An error when the view cannot apply the event.
    virtual StoreResult<std::optional<Touch>> step(const eventstore::RecordedEvent& recorded) = 0;
    // The JSON of a row that no event has made yet.
    virtual std::string blank() const = 0;
};

}  // namespace yeyak::projections
