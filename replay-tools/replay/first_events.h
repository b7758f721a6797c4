// Which event made a difference between a live view and a rebuilt one. The rows that differ are
// folded again by the new projector, and the difference of a field was made by the first event
// after the last one after which the field equalled the live value. When it never did, by the event
// that first set it: the first after which it is not what it is in an empty row. A row that was
// added was made by its first event. For a row that was removed there is no event: none makes it
// any more.
#pragma once
#include <set>

#include "projections/runner/projector.h"
#include "replay-tools/replay/compare.h"

namespace yeyak::tools {

// Fills in `first` of all differences of rows. One read of the view's events up to `last`;
// `skipped`: what operators have decided to go on without.
eventstore::StoreResult<void> name_first_events(const eventstore::EventStore& log,
                                                const projections::View& view,
                                                eventstore::Position last,
                                                std::set<eventstore::Position> skipped,
                                                std::vector<Difference>& differences);

}  // namespace yeyak::tools
