// Numbers, counts and sizes as commands tell them. A count has its thousands apart and its word in
// the right form; a position, a version and an id stand as they are typed.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace yeyak::tools {

// 1234567 -> "1,234,567".
std::string grouped(std::uint64_t number);

// "1 event", "1,234 events". `many` is needed when it is not `one` and an s.
std::string counted(std::uint64_t number, std::string_view one, std::string_view many = {});

// 48593 -> "47.5 KiB", 1 -> "1 byte".
std::string size_text(std::uint64_t bytes);

}  // namespace yeyak::tools
