// One reservation:  (nothing) ─▶ Entered ─▶ Fulfilled
//                       │           ▼
//                       └───────▶ Withdrawn
#pragma once
#include "aggregates/vaccination/reservation_contract.h"
#include "kernel/decider.h"

namespace yeyak::vaccination {

struct NoReservation {};
struct Entered {
    ReservationRequested reservation;
};
struct Fulfilled {};
struct Withdrawn {};
using ReservationState = std::variant<NoReservation, Entered, Fulfilled, Withdrawn>;

enum class ReservationRejection {
    reservation_not_found,
    reservation_exists,
    reservation_cancelled,
    reservation_fulfilled
};
BOOST_DESCRIBE_ENUM(ReservationRejection, reservation_not_found, reservation_exists,
                    reservation_cancelled, reservation_fulfilled)

struct Reservation : ReservationContract, Answers<ReservationEvent, ReservationRejection> {
    using State = ReservationState;
    using Command = ReservationCommand;
    using Event = ReservationEvent;
    using Rejection = ReservationRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<Reservation>);

}  // namespace yeyak::vaccination
