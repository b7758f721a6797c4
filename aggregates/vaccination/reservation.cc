#include "aggregates/vaccination/reservation.h"

#include <fmt/format.h>

#include "kernel/match.h"

namespace yeyak::vaccination {

std::vector<std::string> ReservationContract::tags(const ReservationEvent& event) {
    if (const auto* e = std::get_if<ReservationRequested>(&event))
        return {fmt::format("date:{}", to_text(e->reserve_date))};
    return {};
}

Decision<ReservationEvent, ReservationRejection> Reservation::decide(const State& state,
                                                                     const Command& command) {
    return match(state, command)(
        [](const NoReservation&, const RequestReservation& c) { return accept(c.reservation); },
        [](const NoReservation&, const CancelReservation& c) {
            return accept(ReservationCancelled{c.id});
        },
        [](const NoReservation&, const FulfilReservation&) {
            return refuse(Rejection::reservation_not_found);
        },

        [](const Entered& s, const RequestReservation& c) {
            return s.reservation == c.reservation ? unchanged()
                                                  : refuse(Rejection::reservation_exists);
        },
        [](const Entered&, const CancelReservation& c) {
            return accept(ReservationCancelled{c.id});
        },
        [](const Entered&, const FulfilReservation& c) {
            return accept(ReservationFulfilled{c.id});
        },

        [](const Fulfilled&, const RequestReservation&) {
            return refuse(Rejection::reservation_exists);
        },
        [](const Fulfilled&, const CancelReservation&) {
            return refuse(Rejection::reservation_fulfilled);
        },
        [](const Fulfilled&, const FulfilReservation&) { return unchanged(); },

        [](const Withdrawn&, const CancelReservation&) { return unchanged(); },
        [](const Withdrawn&, const auto&) { return refuse(Rejection::reservation_cancelled); });
}

ReservationState Reservation::evolve(const State&, const Event& event) {
    return match<State>(event)([](const ReservationRequested& e) { return Entered{e}; },
                               [](const ReservationCancelled&) { return Withdrawn{}; },
                               [](const ReservationFulfilled&) { return Fulfilled{}; });
}

}  // namespace yeyak::vaccination
