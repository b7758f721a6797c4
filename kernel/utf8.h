// UTF-8 as RFC 3629 has it: what is valid, and how many characters a text has. Pure functions.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace yeyak {

// How many bytes the character at the front of a text takes that is not empty; 0 when it is
// malformed, overlong, a surrogate or above U+10FFFF.
std::size_t utf8_length(std::string_view text);

bool is_utf8(std::string_view text);

// Code points, as JSON Schema counts them (minLength, maxLength). A byte that is no UTF-8 counts as
// one.
std::size_t characters(std::string_view text);

// Whether a control character is in it: U+0000 to U+001F, U+007F to U+009F.
bool has_control(std::string_view text);

// With U+FFFD in the place of every byte that is no UTF-8.
std::string as_utf8(std::string_view bytes);

}  // namespace yeyak
