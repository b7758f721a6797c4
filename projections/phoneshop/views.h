// The views of the phone shop.
#pragma once
#include "projections/runner/projector.h"

namespace yeyak::projections {

void add_phoneshop_views(Views& all);

}  // namespace yeyak::projections
