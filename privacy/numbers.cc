#include "privacy/numbers.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "kernel/normal_number.h"

namespace yeyak::privacy {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_card_number(std::string_view text) {
    std::size_t digits = 0;
    bool after_digit = false;  // a group is not empty
    for (const char c : text) {
        if (is_digit(c))
            ++digits;
        else if ((c != '-' && c != ' ') || !after_digit)
            return false;
        after_digit = is_digit(c);
    }
    return after_digit && digits >= 12 && digits <= 19;
}

bool names_a_day(std::string_view digits) {
    // By the seventh digit: 0, 1, 2 …
    constexpr std::array<int, 10> centuries = {1800, 1900, 1900, 2000, 2000,
                                               1900, 1900, 2000, 2000, 1800};
    const auto two_at = [&](std::size_t at) {
        return (digits[at] - '0') * 10 + (digits[at + 1] - '0');
    };
    const std::chrono::year_month_day day{
        std::chrono::year{centuries[static_cast<std::size_t>(digits[6] - '0')] + two_at(0)},
        std::chrono::month{static_cast<unsigned>(two_at(2))},
        std::chrono::day{static_cast<unsigned>(two_at(4))}};
    return day.ok();
}

}  // namespace

std::string_view refuse_card_number(std::string_view text) {
    return is_card_number(text) ? "" : "12 to 19 digits, in groups or not";
}

std::string registration_digits(std::string_view text) {
    constexpr std::size_t count = 13;
    auto digits = normal_number(text);
    if (digits.size() != count || !std::ranges::all_of(digits, is_digit)) digits.clear();
    return digits;
}

std::string_view refuse_registration_number(std::string_view text) {
    const auto digits = registration_digits(text);
    if (digits.empty()) return "13 digits, such as 890309-2766876";
    return names_a_day(digits) ? "" : "a number that begins with a day of birth, YYMMDD";
}

}  // namespace yeyak::privacy
