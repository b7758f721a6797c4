// "sub": who a token is for. The same for tokens that are made here and those of others. Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace yeyak::auth {

// Whether the log may say for ever that it was he: an actor (kernel/actor.h), none of the program's
// names and not the one of who says none, and no number that names a person.
bool can_act(std::string_view subject);

// The customer that he is: 17 of "user:17". Nothing for other names, and for other spellings:
// "user:017" is not who "user:17" is.
std::optional<std::int64_t> number_of_user(std::string_view subject);

// Whether he can be that customer: who is called by a number is no other one.
bool can_be_customer(std::string_view subject, std::int64_t customer);

}  // namespace yeyak::auth
