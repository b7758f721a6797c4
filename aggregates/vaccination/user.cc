#include "aggregates/vaccination/user.h"

#include <fmt/format.h>

#include "kernel/match.h"

namespace yeyak::vaccination {

std::vector<std::string> UserContract::tags(const UserEvent& event) {
    if (const auto* e = std::get_if<UserReservationRequested>(&event))
        return {fmt::format("person:{}", e->person)};
    return {};
}

Decision<UserEvent, UserRejection> User::decide(const State& state, const Command& command) {
    return match(state, command)(
        [](const NoUser&, const RequestUserReservation& c) { return accept(c.reservation); },
        [](const Reserved& s, const RequestUserReservation& c) {
            return s.reservation == c.reservation ? unchanged() : refuse(Rejection::user_exists);
        },

        [](const Reserved&, const CancelUserReservation& c) {
            return accept(UserReservationCancelled{c.id, c.reason});
        },
        [](const Reserved&, const RecordInjection& c) {
            return accept(UserInjected{c.id, c.vaccine_type, c.inject_date});
        },

        // Both ends are for ever.
        [](const Injected&, const RequestUserReservation&) {
            return refuse(Rejection::user_exists);
        },
        [](const Injected&, const RecordInjection&) { return unchanged(); },
        [](const Injected&, const CancelUserReservation&) {
            return refuse(Rejection::already_injected);
        },
        [](const Cancelled&, const auto&) { return refuse(Rejection::already_cancelled); },
        [](const NoUser&, const auto&) { return refuse(Rejection::user_not_found); });
}

UserState User::evolve(const State&, const Event& event) {
    return match<State>(event)([](const UserReservationRequested& e) { return Reserved{e}; },
                               [](const UserReservationCancelled&) { return Cancelled{}; },
                               [](const UserInjected&) { return Injected{}; });
}

}  // namespace yeyak::vaccination
