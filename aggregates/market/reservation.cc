#include "aggregates/market/reservation.h"

#include <fmt/format.h>

#include "kernel/match.h"

namespace yeyak::market {

std::vector<std::string> ReservationContract::tags(const ReservationEvent& event) {
    const auto* e = std::get_if<Reserved>(&event);
    if (!e) return {};
    std::vector<std::string> tags{fmt::format("product:{}", e->product_id)};
    if (e->customer_id) tags.push_back(fmt::format("user:{}", *e->customer_id));
    return tags;
}

Decision<ReservationEvent, ReservationRejection> Reservation::decide(const State& state,
                                                                     const Command& command) {
    return match(state, command)(
        [](const NoReservation&, const Reserve& c) { return accept(c.reservation); },
        [](const NoReservation&, const CancelReservation&) {
            return refuse(Rejection::reservation_not_found);
        },
        [](const ActiveReservation& s, const Reserve& c) {
            return s.details == c.reservation ? unchanged() : refuse(Rejection::reservation_exists);
        },
        [](const ActiveReservation& s, const CancelReservation& c) {
            const auto& d = s.details;
            return accept(
                ReservationCancelled{c.id, d.product_id, d.product_name, d.customer_id, c.reason});
        },
        [](const CancelledReservation&, const Reserve&) {
            return refuse(Rejection::reservation_exists);
        },
        [](const CancelledReservation&, const CancelReservation&) {
            return refuse(Rejection::reservation_cancelled);
        });
}

ReservationState Reservation::evolve(const State&, const Event& event) {
    return match<State>(event)([](const Reserved& e) { return ActiveReservation{e}; },
                               [](const ReservationCancelled&) { return CancelledReservation{}; });
}

}  // namespace yeyak::market
