// UTF-8 as RFC 3629 has it: what is valid, and how many characters a text has. Pure functions.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace yeyak {

struct Character {
    char32_t code = 0;
    std::size_t bytes = 0;
};

// The one at the front of a text that is not empty; nothing when it is malformed, overlong, a
// surrogate or above U+10FFFF.
std::optional<Character> first_character(std::string_view text);

bool is_utf8(std::string_view text);

// Code points, as JSON Schema counts them (minLength, maxLength). A byte that is no UTF-8 counts as
// one.
std::size_t characters(std::string_view text);

// Whether a control character is in it: U+0000 to U+001F, U+007F to U+009F.
bool has_control(std::string_view text);

}  // namespace yeyak
