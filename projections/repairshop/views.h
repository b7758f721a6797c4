// The views of the car repair shop.
#pragma once
#include "projections/runner/projector.h"

namespace yeyak::projections {

void add_repairshop_views(Views& all);

}  // namespace yeyak::projections
