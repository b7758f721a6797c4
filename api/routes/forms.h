// Forms of text that bodies of several systems have.
#pragma once
#include "api/routes/body.h"
#include "privacy/numbers.h"

namespace yeyak::api {

inline constexpr TextForm card_number{privacy::card_number_pattern, &privacy::refuse_card_number};
// However it is separated, which no pattern says.
inline constexpr TextForm registration_number{"", &privacy::refuse_registration_number};
inline constexpr std::string_view kept_sealed = "12 to 19 digits; kept sealed and as a token";

}  // namespace yeyak::api
