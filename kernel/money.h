// Money is a whole number of Korean won: no fractions, no floating point.
#pragma once
#include <compare>
#include <cstdint>

namespace yeyak {

struct Won {
    std::int64_t amount = 0;
    friend auto operator<=>(const Won&, const Won&) = default;
};

}  // namespace yeyak
