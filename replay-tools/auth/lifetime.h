// How long something is to be good for, as people write it: "90s", "15m", "1h", "30d". Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace yeyak::tools {

// In milliseconds; nothing for another text, zero, or more than can be counted.
std::optional<std::int64_t> parse_lifetime(std::string_view text);

}  // namespace yeyak::tools
