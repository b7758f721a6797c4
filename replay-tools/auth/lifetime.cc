#include "replay-tools/auth/lifetime.h"

#include <charconv>

namespace yeyak::tools {
namespace {

constexpr std::int64_t most_units = 1'000'000'000;

std::int64_t ms_of(char unit) {
    switch (unit) {
        case 's':
            return 1'000;
        case 'm':
            return 60'000;
        case 'h':
            return 3'600'000;
        case 'd':
            return 86'400'000;
        default:
            return 0;
    }
}

}  // namespace

std::optional<std::int64_t> parse_lifetime(std::string_view text) {
    if (text.size() < 2) return std::nullopt;
    const auto unit = ms_of(text.back());
    const auto* const end = text.data() + text.size() - 1;
    std::int64_t units = 0;
    const auto [read, error] = std::from_chars(text.data(), end, units);
    if (error != std::errc{} || read != end || unit == 0 || units < 1 || units > most_units)
        return std::nullopt;
    return units * unit;
}

}  // namespace yeyak::tools
