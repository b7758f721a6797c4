// The views of smartphone pre-reservation.
#pragma once
#include "projections/runner/projector.h"

namespace yeyak::projections {

void add_prereservation_views(Views& all);

}  // namespace yeyak::projections
