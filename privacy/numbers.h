// What numbers that stand for people look like. Pure functions; what they answer never repeats the
// number.
#pragma once
#include <string>
#include <string_view>

namespace yeyak::privacy {

// How the number must be, as the end of a sentence ("must be …"); empty when it is so.
//
// A card number: 12 to 19 digits, in groups with '-' or ' ' or none.
std::string_view refuse_card_number(std::string_view text);
inline constexpr std::string_view card_number_pattern = "^[0-9](?:[- ]?[0-9]){11,18}$";

// A resident registration number: 890309-2766876, however its 13 digits are separated. The first
// six are the day of birth, the seventh tells its century (9 and 0, 1 and 2, 3 and 4; 5 to 8 of
// foreigners). Its last digits are no checksum: those given out since October 2020 are random.
std::string_view refuse_registration_number(std::string_view text);
// Its 13 digits, whatever day they name; empty when it is written otherwise.
std::string registration_digits(std::string_view text);

}  // namespace yeyak::privacy
