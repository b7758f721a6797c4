// The views of all systems, for tests that go through them.
#pragma once
#include "program/systems.h"

namespace yeyak::tests {

inline const projections::Views& all_views() { return program::views(); }

inline const projections::View* find_view(std::string_view name) {
    return projections::find_view(all_views(), name);
}

}  // namespace yeyak::tests
