#include "kernel/nearest.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace yeyak {
namespace {

// As many letters as must be put in, left out or replaced (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
        }
    }
    return row.back();
}

// Longer ones are nobody's typing error, and comparing them costs.
constexpr std::size_t longest_name = 100;

}  // namespace

std::optional<std::string> nearest(std::string_view wanted,
                                   std::span<const std::string> candidates) {
    if (wanted.size() > longest_name) return std::nullopt;
    std::optional<std::string> best;
    std::size_t best_distance = wanted.size() / 3 + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(wanted, candidate);
        if (distance >= best_distance) continue;
        best = candidate;
        best_distance = distance;
    }
    return best;
}

std::string hint(const std::optional<std::string>& name) {
    return name ? "; did you mean " + *name + "?" : "";
}

}  // namespace yeyak
