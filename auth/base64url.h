// Base64url without padding (RFC 4648, section 5; RFC 7515, section 2). Decoding takes the one text
// that encoding gives and refuses every other: no '=', no white space, no stray bits. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace yeyak::auth {

std::string base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace yeyak::auth
