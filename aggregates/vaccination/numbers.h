// A set of numbers that mostly grow, as an ascending vector: small, and quick to copy, which every
// step of a decider does.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

namespace yeyak::vaccination {

inline bool contains(const std::vector<std::int64_t>& numbers, std::int64_t number) {
    return std::ranges::binary_search(numbers, number);
}

inline void insert(std::vector<std::int64_t>& numbers, std::int64_t number) {
    const auto at = std::ranges::lower_bound(numbers, number);
    if (at == numbers.end() || *at != number) numbers.insert(at, number);
}

inline void erase(std::vector<std::int64_t>& numbers, std::int64_t number) {
    const auto at = std::ranges::lower_bound(numbers, number);
    if (at != numbers.end() && *at == number) numbers.erase(at);
}

}  // namespace yeyak::vaccination
