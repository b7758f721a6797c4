// Which of the known names was meant by one that is not known. Pure functions.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace yeyak {

// The candidate that is a typing error away from `wanted`, if there is one: the first of those that
// are nearest. Bytes are compared, so a letter of Hangul counts as three.
std::optional<std::string> nearest(std::string_view wanted,
                                   std::span<const std::string> candidates);
// `; did you mean NAME?`, or nothing.
std::string hint(const std::optional<std::string>& name);

}  // namespace yeyak
