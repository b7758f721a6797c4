#include "aggregates/vaccination/appointment.h"

#include <fmt/format.h>

#include "kernel/match.h"

namespace yeyak::vaccination {

std::vector<std::string> AppointmentContract::tags(const AppointmentEvent& event) {
    if (const auto* e = std::get_if<VaccineAssigned>(&event))
        return {fmt::format("vaccine:{}", e->vaccine_type)};
    return {};
}

Decision<AppointmentEvent, AppointmentRejection> Appointment::decide(const State& state,
                                                                     const Command& command) {
    return match(state, command)(
        [](const NoAppointment&, const ReceiveReservation& c) { return accept(c.appointment); },
        [](const NoAppointment&, const CancelAppointment& c) {
            return accept(HospitalReservationCancelled{c.id, c.id});
        },
        [](const NoAppointment&, const auto&) { return refuse(Rejection::appointment_not_found); },

        [](const Expected& s, const ReceiveReservation& c) {
            return s.appointment == c.appointment ? unchanged()
                                                  : refuse(Rejection::appointment_exists);
        },
        [](const Expected& s, const AssignVaccine& c) {
            return accept(VaccineAssigned{c.id, s.appointment.reservation_id, c.vaccine_type});
        },
        [](const Expected&, const InjectVaccine&) { return refuse(Rejection::vaccine_not_ready); },
        [](const Expected& s, const CancelAppointment& c) {
            return accept(HospitalReservationCancelled{c.id, s.appointment.reservation_id});
        },
        [](const Expected&, const RecordNoShow&) { return refuse(Rejection::vaccine_not_ready); },

        [](const Ready& s, const ReceiveReservation& c) {
            return s.appointment == c.appointment ? unchanged()
                                                  : refuse(Rejection::appointment_exists);
        },
        [](const Ready& s, const AssignVaccine& c) {
            return s.vaccine_type == c.vaccine_type ? unchanged()
                                                    : refuse(Rejection::appointment_exists);
        },
        [](const Ready& s, const InjectVaccine& c) {
            return accept(VaccineInjected{c.id, s.appointment.reservation_id, s.appointment.user_id,
                                          s.vaccine_type, c.inject_date});
        },
        [](const Ready& s, const CancelAppointment& c) {
            return accept(HospitalReservationCancelled{c.id, s.appointment.reservation_id});
        },

        [](const Ready& s, const RecordNoShow& c) {
            if (c.today < s.appointment.reserve_date) return refuse(Rejection::day_not_come);
            return accept(NoShowRecorded{c.id, s.appointment.reservation_id, s.appointment.user_id,
                                         s.appointment.reserve_date});
        },

        // All ends are for ever.
        [](const Done&, const auto&) { return refuse(Rejection::already_injected); },
        [](const CalledOff&, const CancelAppointment&) { return unchanged(); },
        [](const CalledOff&, const auto&) { return refuse(Rejection::appointment_cancelled); },
        [](const Missed&, const RecordNoShow&) { return unchanged(); },
        [](const Missed&, const CancelAppointment&) { return unchanged(); },
        [](const Missed&, const auto&) { return refuse(Rejection::no_show); });
}

AppointmentState Appointment::evolve(const State& state, const Event& event) {
    return match<State>(state, event)(
        [](const auto&, const HospitalReservationReceived& e) { return Expected{e}; },
        [](const Expected& s, const VaccineAssigned& e) {
            return Ready{s.appointment, e.vaccine_type};
        },
        [](const auto& s, const VaccineAssigned&) { return s; },
        [](const auto&, const VaccineInjected&) { return Done{}; },
        [](const auto&, const HospitalReservationCancelled&) { return CalledOff{}; },
        [](const auto&, const NoShowRecorded&) { return Missed{}; });
}

}  // namespace yeyak::vaccination
