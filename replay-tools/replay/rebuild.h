// Builds views anew from the log, beside the builds that readers see, and switches to the new ones
// when they are complete and the guard (projections/runner/guard.h) has no objection; the builds
// until then are kept as the previous ones. A crash at any point leaves the old build or the new
// one, whole; the next run goes on with what the crashed one had built.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "projections/runner/guard.h"
#include "projections/runner/projector.h"

namespace yeyak::tools {

struct RebuildOptions {
    std::size_t batch = 50'000;  // events per write
    // Called after every batch with the position reached; false stops the rebuild, which the next
    // run goes on with.
    std::function<bool(eventstore::Position)> reached = {};
    std::size_t threads = 0;  // 0: as many as there are cores
    bool accept_differences = false;
    std::int64_t now_ms = 0;  // when it is, for the switch
    std::string actor = "anonymous";
};

struct Rebuilt {
    std::string view;
    std::uint64_t generation = 0;
    std::int64_t rows = 0;
    std::uint64_t parked = 0;  // events that it could not apply
    std::string digest;
    // Why readers still see the old build.
    std::optional<projections::Objection> refused;
};

// One pass over the log for all of `views`. The error of a rebuild that was stopped is
// "interrupted".
eventstore::StoreResult<std::vector<Rebuilt>> rebuild(
    const eventstore::EventStore& log, projections::ViewStore& store,
    const std::vector<const projections::View*>& views, const RebuildOptions& options);

extern const eventstore::StoreError interrupted_error;

}  // namespace yeyak::tools
