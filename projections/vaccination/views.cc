#include "projections/vaccination/views.h"

namespace yeyak::projections {

void add_vaccination_views(Views&) {}

}  // namespace yeyak::projections
