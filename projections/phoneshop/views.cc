#include "projections/phoneshop/views.h"

namespace yeyak::projections {

void add_phoneshop_views(Views&) {}

}  // namespace yeyak::projections
