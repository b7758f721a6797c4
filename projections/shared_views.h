// The views that are there beside every system: which sagas are under way, what people were told.
#pragma once
#include "projections/runner/projector.h"

namespace yeyak::projections {

void add_shared_views(Views& all);

}  // namespace yeyak::projections
