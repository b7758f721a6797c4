// Builds views anew from the log, beside the builds that readers see, and switches to the new ones
// when they are complete. A crash at any point leaves the old builds as they were; the next run
// begins by dropping what the crashed one left.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "projections/runner/projector.h"

namespace yeyak::tools {

struct RebuildOptions {
    std::size_t batch = 50'000;  // events per write
    // Called after every batch with the position reached; false stops the rebuild.
    std::function<bool(eventstore::Position)> reached = {};
};

struct Rebuilt {
    std::string view;
    std::uint64_t generation = 0;
    std::int64_t rows = 0;
};

// One pass over the log for all of `views`. The error of a rebuild that was stopped is
// "interrupted".
eventstore::StoreResult<std::vector<Rebuilt>> rebuild(
    const eventstore::EventStore& log, projections::ViewStore& store,
    const std::vector<const projections::View*>& views, const RebuildOptions& options);

extern const eventstore::StoreError interrupted_error;

}  // namespace yeyak::tools
