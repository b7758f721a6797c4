// One user at the hospital:  (nothing) ─▶ Expected ─▶ Ready ─▶ Done
//                                │            ▼         ├────▶ Missed
//                                └─────▶ CalledOff ◀────┘
#pragma once
#include "aggregates/vaccination/appointment_contract.h"
#include "kernel/decider.h"

namespace yeyak::vaccination {

struct NoAppointment {};
struct Expected {
    HospitalReservationReceived appointment;
};
struct Ready {  // a dose is reserved
    HospitalReservationReceived appointment;
    std::string vaccine_type;
};
struct Done {};
struct CalledOff {};
struct Missed {};  // nobody came
using AppointmentState = std::variant<NoAppointment, Expected, Ready, Done, CalledOff, Missed>;

enum class AppointmentRejection {
    appointment_not_found,
    appointment_exists,
    appointment_cancelled,
    already_injected,
    vaccine_not_ready,
    day_not_come,
    no_show
};
BOOST_DESCRIBE_ENUM(AppointmentRejection, appointment_not_found, appointment_exists,
                    appointment_cancelled, already_injected, vaccine_not_ready, day_not_come,
                    no_show)

struct Appointment : AppointmentContract, Answers<AppointmentEvent, AppointmentRejection> {
    using State = AppointmentState;
    using Command = AppointmentCommand;
    using Event = AppointmentEvent;
    using Rejection = AppointmentRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<Appointment>);

}  // namespace yeyak::vaccination
