// Candidates are remembered in the view store, so that a rebuild goes on where it was.
#pragma once
#include <optional>
#include <string>

#include "projections/runner/projector.h"

namespace yeyak::projections {

// The candidate that was under way. One that another version of the projector made is dropped.
StoreResult<std::optional<Candidate>> kept_candidate(ViewStore& store, const View& view);

// A new one, of a generation that was never used; the one until then, if any, is dropped.
StoreResult<Candidate> new_candidate(ViewStore& store, const View& view, std::string actor,
                                     bool accepts_differences = false);

}  // namespace yeyak::projections
