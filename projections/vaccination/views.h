// The views of vaccination.
#pragma once
#include "projections/runner/projector.h"

namespace yeyak::projections {

void add_vaccination_views(Views& all);

}  // namespace yeyak::projections
