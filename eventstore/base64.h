// Base64 of RFC 4648 section 4, with padding. Decoding takes the one text that encoding gives and
// refuses every other: no white space, no missing padding, no stray bits.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace yeyak::eventstore {

std::string base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

}  // namespace yeyak::eventstore
