// How far a rebuild of a view is, and what is wished for; see server/rebuilds.h.
#pragma once
#include <cstdint>
#include <string>

#include "projections/rebuild/job.h"

namespace yeyak::server {

using projections::RebuildState;
using projections::RebuildStatus;

struct RebuildWish {
    std::string view;
    bool accepts_differences = false;
    std::uint64_t max_rate = 0;  // for the pass that begins with this; 0: as configured
    std::string actor;
};

}  // namespace yeyak::server
