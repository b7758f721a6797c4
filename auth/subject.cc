#include "auth/subject.h"

#include <charconv>

#include "kernel/actor.h"
#include "kernel/normal_number.h"

namespace yeyak::auth {
namespace {

constexpr std::string_view user = "user:";

}  // namespace

bool can_act(std::string_view subject) {
    return is_actor(subject) && !is_program(subject) && subject != nobody &&
           !mentions_registration_number(subject);
}

std::optional<std::int64_t> number_of_user(std::string_view subject) {
    if (!subject.starts_with(user)) return std::nullopt;
    const auto digits = subject.substr(user.size());
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size();
    if (!whole || number < 1 || digits.starts_with('0')) return std::nullopt;
    return number;
}

bool can_be_customer(std::string_view subject, std::int64_t customer) {
    return customer >= 1 && number_of_user(subject).value_or(customer) == customer;
}

}  // namespace yeyak::auth
