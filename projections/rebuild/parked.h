// Parked events of a build: finding them, and trying them again with what the log says of them.
#pragma once
#include <optional>
#include <vector>

#include "projections/runner/projector.h"

namespace yeyak::projections {

// At most `max`, from the first one after `after` on, by stream and position.
eventstore::StoreResult<std::vector<projections::ParkedEvent>> parked_events(
    const projections::ViewStore& views, const projections::Build& build,
    const projections::ParkedEvent& after, std::size_t max);

// The event at a position when it is the first parked one of its stream: it has a reason of its
// own, and the others wait for it.
eventstore::StoreResult<std::optional<projections::ParkedEvent>> first_parked(
    const projections::ViewStore& views, const projections::Build& build,
    eventstore::Position position);

// Tries the parked events of a stream again, of every stream when it is empty; `builder` is the
// build's. Answers how many are parked no longer.
eventstore::StoreResult<std::uint64_t> retry_parked(const eventstore::EventStore& log,
                                                    const projections::ViewStore& views,
                                                    const projections::Build& build,
                                                    projections::Builder& builder,
                                                    std::string_view stream);

}  // namespace yeyak::projections
