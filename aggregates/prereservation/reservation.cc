#include "aggregates/prereservation/reservation.h"

#include <fmt/format.h>

#include "kernel/match.h"
#include "kernel/order_name.h"

namespace yeyak::prereservation {

std::string order_of(std::int64_t reservation) {
    return order_name("prereservation", {reservation});
}

std::optional<std::int64_t> reservation_of_order(std::string_view order) {
    const auto name = parse_order_name("prereservation", order);
    if (!name || name->attempt != 1) return std::nullopt;
    return name->id;
}

std::vector<std::string> ReservationContract::tags(const ReservationEvent& event) {
    if (const auto* e = std::get_if<ReservationRequested>(&event))
        return {fmt::format("user:{}", e->user_id), fmt::format("product:{}", e->product_id)};
    return {};
}

Decision<ReservationEvent, ReservationRejection> Reservation::decide(const State& state,
                                                                     const Command& command) {
    return match(state, command)(
        [](const NoReservation&, const RequestReservation& c) { return accept(c.reservation); },
        [](const NoReservation&, const ConfirmReservation&) {
            return refuse(Rejection::reservation_not_found);
        },
        [](const NoReservation&, const CancelReservation&) {
            return refuse(Rejection::reservation_not_found);
        },

        [](const Requested& s, const RequestReservation& c) {
            return s.details == c.reservation ? unchanged() : refuse(Rejection::reservation_exists);
        },
        [](const Requested&, const ConfirmReservation& c) {
            return accept(ReservationConfirmed{c.id});
        },
        [](const Requested&, const CancelReservation& c) {
            return accept(ReservationCancelled{c.id, c.reason});
        },

        [](const Confirmed& s, const RequestReservation& c) {
            return s.details == c.reservation ? unchanged() : refuse(Rejection::reservation_exists);
        },
        [](const Confirmed&, const ConfirmReservation&) { return unchanged(); },
        [](const Confirmed&, const CancelReservation& c) {
            return accept(ReservationCancelled{c.id, c.reason});
        },

        // Cancelled is for ever; to a user it is gone, as the original's deleted row was.
        [](const Cancelled&, const RequestReservation&) {
            return refuse(Rejection::reservation_exists);
        },
        [](const Cancelled&, const ConfirmReservation&) {
            return refuse(Rejection::reservation_cancelled);
        },
        [](const Cancelled&, const CancelReservation&) {
            return refuse(Rejection::reservation_cancelled);
        });
}

ReservationState Reservation::evolve(const State& state, const Event& event) {
    return match<State>(state, event)(
        [](const auto&, const ReservationRequested& e) { return Requested{e}; },
        [](const Requested& s, const ReservationConfirmed&) { return Confirmed{s.details}; },
        [](const auto& s, const ReservationConfirmed&) { return s; },
        [](const auto&, const ReservationCancelled& e) { return Cancelled{e.reason}; });
}

}  // namespace yeyak::prereservation
