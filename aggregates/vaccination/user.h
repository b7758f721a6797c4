// One user with one wish:  (nothing) ─▶ Reserved ─▶ Cancelled
//                                           └─────▶ Injected
#pragma once
#include "aggregates/vaccination/user_contract.h"
#include "kernel/decider.h"

namespace yeyak::vaccination {

struct NoUser {};
struct Reserved {
    UserReservationRequested reservation;
};
struct Cancelled {};
struct Injected {};
using UserState = std::variant<NoUser, Reserved, Cancelled, Injected>;

enum class UserRejection { user_not_found, user_exists, already_cancelled, already_injected };
BOOST_DESCRIBE_ENUM(UserRejection, user_not_found, user_exists, already_cancelled, already_injected)

struct User : UserContract, Answers<UserEvent, UserRejection> {
    using State = UserState;
    using Command = UserCommand;
    using Event = UserEvent;
    using Rejection = UserRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<User>);

}  // namespace yeyak::vaccination
