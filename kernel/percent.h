// Percent-encoding of RFC 3986, section 2.1.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace yeyak {

// "%41" -> "A". None when an escape is cut short, not hexadecimal, or a NUL.
std::optional<std::string> percent_decode(std::string_view text);
// The same for one part of a query, where "+" is a space.
std::optional<std::string> query_decode(std::string_view text);
// Everything but letters, digits and "-._~" becomes an escape: fit for a path segment or a query.
std::string percent_encode(std::string_view text);

}  // namespace yeyak
