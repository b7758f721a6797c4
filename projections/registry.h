// All views of all systems. A new view is its file and one line in the views.cc of its system; a
// new system is its folder and one line in registry.cc. Names are unique over all systems.
#pragma once
#include <string_view>

#include "projections/runner/projector.h"

namespace yeyak::projections {

const Views& all_views();

// Null when no view is called so.
const View* find_view(std::string_view name);

}  // namespace yeyak::projections
