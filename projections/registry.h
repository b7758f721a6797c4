// All views of all systems. A new view is its folder and one line in registry.cc.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "projections/runner/projector.h"

namespace yeyak::projections {

const std::vector<std::unique_ptr<View>>& all_views();

// Null when no view is called so.
const View* find_view(std::string_view name);

}  // namespace yeyak::projections
