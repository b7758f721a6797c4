// Fields of a view row's JSON, for filtering and sorting lists. Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace yeyak::projections {

// Nothing sorts before numbers, numbers before texts.
using FieldValue = std::variant<std::monostate, std::int64_t, std::string>;

FieldValue field_of(std::string_view row, std::string_view field);
// As the value stands in a query: 17, paid.
std::string text_of(const FieldValue& value);

}  // namespace yeyak::projections
