// Who acts, as the log records it: "user:17", "clerk:김민수". Pure functions.
#pragma once
#include <string_view>

namespace yeyak {

// Who it is when nobody says.
inline constexpr std::string_view nobody = "anonymous";
inline constexpr std::size_t max_actor_characters = 64;

// 1 to 64 characters of UTF-8 without blanks and control characters.
bool is_actor(std::string_view text);

// The program's own names, in any case of letters: system, operator, yeyak. What they did, the
// program did; no request and no account is recorded under them.
bool is_program(std::string_view actor);

}  // namespace yeyak
