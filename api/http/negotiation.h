// Content negotiation: which type of answer a client likes (Accept), which coding of it
// (Accept-Encoding), and whether a body has a type the route takes (Content-Type). Pure functions
// over field values.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/http.h"

namespace yeyak::http {

// The offered type the client likes best, the first offered among equals; none when it takes none
// of them. Without an Accept field the client takes anything.
std::optional<std::string_view> preferred_type(const Headers& headers,
                                               const std::vector<std::string>& offered);

// What Accept-Encoding says of a coding and of the answer as it is, in thousandths. What is not
// named has none; a client that does not say anything wants no coding.
struct CodingWeights {
    int coding = 0;
    int identity = 0;
};
CodingWeights coding_weights(const Headers& headers, std::string_view coding);

// "application/json; charset=utf-8" -> "application/json"
std::string_view media_type(std::string_view content_type);

}  // namespace yeyak::http
