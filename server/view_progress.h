// How far a view is, as the view thread tells; see server/view_thread.h.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "projections/runner/view_store.h"

namespace yeyak::server {

// While somebody holds it, the build is not dropped.
using BuildLease = std::shared_ptr<const projections::Build>;

struct ViewProgress {
    std::string name;
    std::string context;
    projections::Build build;
    eventstore::Position position = 0;
    std::string failure;  // why it stands still; empty when it does not
    // Built by another version of the projector: shown as it is until the new build is ready.
    bool stale = false;
    std::uint64_t parked = 0;
    projections::Generation previous;
    std::int64_t switched_ms = 0;
    BuildLease lease;  // hold it while reading `build`
};

}  // namespace yeyak::server
