#include "projections/repairshop/views.h"

namespace yeyak::projections {

void add_repairshop_views(Views&) {}

}  // namespace yeyak::projections
