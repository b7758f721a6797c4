// One reservation:  (nothing) ─▶ Active (01) ─▶ Cancelled (02)
#pragma once
#include "aggregates/market/reservation_contract.h"
#include "kernel/decider.h"

namespace yeyak::market {

struct NoReservation {};
struct ActiveReservation {
    Reserved details;
};
struct CancelledReservation {};
using ReservationState = std::variant<NoReservation, ActiveReservation, CancelledReservation>;

enum class ReservationRejection {
    reservation_not_found,
    reservation_exists,
    reservation_cancelled
};
BOOST_DESCRIBE_ENUM(ReservationRejection, reservation_not_found, reservation_exists,
                    reservation_cancelled)

struct Reservation : ReservationContract, Answers<ReservationEvent, ReservationRejection> {
    using State = ReservationState;
    using Command = ReservationCommand;
    using Event = ReservationEvent;
    using Rejection = ReservationRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<Reservation>);

}  // namespace yeyak::market
