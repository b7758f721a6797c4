#include "projections/market/views.h"

namespace yeyak::projections {

void add_market_views(Views&) {}

}  // namespace yeyak::projections
