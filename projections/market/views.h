// The views of the market.
#pragma once
#include "projections/runner/projector.h"

namespace yeyak::projections {

void add_market_views(Views& all);

}  // namespace yeyak::projections
