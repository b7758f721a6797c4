// What /openapi.json says of header fields of answers: one table of all that this program has.
#pragma once
#include <span>
#include <string_view>

namespace yeyak::api {

struct HeaderDoc {
    std::string_view name;
    std::string_view schema;  // JSON text
    std::string_view about;
    bool always = false;  // in every answer that is described with it
};

// All of them, each at #/components/headers/NAME.
std::span<const HeaderDoc> header_docs();

// What any answer has, and what it may have.
inline constexpr std::string_view every_answer = "X-Correlation-Id";
inline constexpr std::string_view any_answer[] = {"RateLimit-Policy", "RateLimit"};
// What a problem may have besides, each at #/components/headers/problem.NAME, where it is optional.
inline constexpr std::string_view problem_headers[] = {
    "Allow",          "Idempotent-Replayed", "Link", "Retry-After", "WWW-Authenticate", "Yeyak-Lag",
    "Yeyak-Position", "Yeyak-Stream-Version"};

}  // namespace yeyak::api
