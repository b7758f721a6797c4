// Numbers that people are known by: plates, registration numbers. Pure functions.
//
// One spelling: what is typed with spaces, hyphens, full-width digits or decomposed letters is the
// same number, so it has one key, one token, and an erasure finds all of it.
#pragma once
#include <string>
#include <string_view>

namespace yeyak {

// Composed and without compatibility forms (Unicode NFKC), without spaces and dashes, ASCII letters
// in upper case. A text that is no UTF-8 stays as it is.
std::string normal_number(std::string_view text);

// How a number may be typed that is looked for: `separated` leaves out thirteen digits in one,
// which programs make of times, too.
enum class Spelling { any, separated };

// Whether a resident registration number stands in a text: a date of birth in six digits, then
// seven. It must be in no text that is kept for ever.
bool mentions_registration_number(std::string_view text, Spelling spelling = Spelling::any);

}  // namespace yeyak
