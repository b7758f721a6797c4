// One pre-reservation:  (nothing) ─▶ Requested ─▶ Confirmed ─▶ Cancelled
//                                        └────────────────────────▲
#pragma once
#include "aggregates/prereservation/reservation_contract.h"
#include "kernel/decider.h"

namespace yeyak::prereservation {

struct NoReservation {};
struct Requested {
    ReservationRequested details;
};
struct Confirmed {
    ReservationRequested details;
};
struct Cancelled {
    CancelReason reason = CancelReason::user_request;
};
using ReservationState = std::variant<NoReservation, Requested, Confirmed, Cancelled>;

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

}  // namespace yeyak::prereservation
