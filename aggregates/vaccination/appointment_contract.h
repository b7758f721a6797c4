// The published language of the hospital: it expects a user, gets a vaccine for them, injects it.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/sealed.h"
#include "kernel/time.h"

namespace yeyak::vaccination {

inline constexpr std::string_view hospital_name = "Korean Hospital";  // there is one

struct HospitalReservationReceived {
    static constexpr std::string_view type = "vaccination.hospital_reservation_received.v1";
    std::int64_t id = 0;
    std::int64_t reservation_id = 0;
    std::int64_t user_id = 0;
    std::string hospital_name;
    Sealed user_name;
    Sealed user_reg_number;  // masked
    Date reserve_date;
    friend bool operator==(const HospitalReservationReceived&,
                           const HospitalReservationReceived&) = default;
};
BOOST_DESCRIBE_STRUCT(HospitalReservationReceived, (),
                      (id, reservation_id, user_id, hospital_name, user_name, user_reg_number,
                       reserve_date))

struct VaccineAssigned {
    static constexpr std::string_view type = "vaccination.vaccine_assigned.v1";
    std::int64_t id = 0;
    std::int64_t reservation_id = 0;
    std::string vaccine_type;
    friend bool operator==(const VaccineAssigned&, const VaccineAssigned&) = default;
};
BOOST_DESCRIBE_STRUCT(VaccineAssigned, (), (id, reservation_id, vaccine_type))

struct VaccineInjected {
    static constexpr std::string_view type = "vaccination.vaccine_injected.v1";
    std::int64_t id = 0;
    std::int64_t reservation_id = 0;
    std::int64_t user_id = 0;
    std::string vaccine_type;
    Instant inject_date;
    friend bool operator==(const VaccineInjected&, const VaccineInjected&) = default;
};
BOOST_DESCRIBE_STRUCT(VaccineInjected, (), (id, reservation_id, user_id, vaccine_type, inject_date))

struct HospitalReservationCancelled {
    static constexpr std::string_view type = "vaccination.hospital_reservation_cancelled.v1";
    std::int64_t id = 0;
    std::int64_t reservation_id = 0;
    friend bool operator==(const HospitalReservationCancelled&,
                           const HospitalReservationCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(HospitalReservationCancelled, (), (id, reservation_id))

// The day came, and the user did not.
struct NoShowRecorded {
    static constexpr std::string_view type = "vaccination.no_show_recorded.v1";
    std::int64_t id = 0;
    std::int64_t reservation_id = 0;
    std::int64_t user_id = 0;
    Date reserve_date;
    friend bool operator==(const NoShowRecorded&, const NoShowRecorded&) = default;
};
BOOST_DESCRIBE_STRUCT(NoShowRecorded, (), (id, reservation_id, user_id, reserve_date))

using AppointmentEvent = std::variant<HospitalReservationReceived, VaccineAssigned, VaccineInjected,
                                      HospitalReservationCancelled, NoShowRecorded>;

struct ReceiveReservation {
    static constexpr std::string_view type = "vaccination.receive_reservation";
    HospitalReservationReceived appointment;
    friend bool operator==(const ReceiveReservation&, const ReceiveReservation&) = default;
};
BOOST_DESCRIBE_STRUCT(ReceiveReservation, (), (appointment))

struct AssignVaccine {
    static constexpr std::string_view type = "vaccination.assign_vaccine";
    std::int64_t id = 0;
    std::string vaccine_type;
    friend bool operator==(const AssignVaccine&, const AssignVaccine&) = default;
};
BOOST_DESCRIBE_STRUCT(AssignVaccine, (), (id, vaccine_type))

struct InjectVaccine {
    static constexpr std::string_view type = "vaccination.inject_vaccine";
    std::int64_t id = 0;
    Instant inject_date;
    friend bool operator==(const InjectVaccine&, const InjectVaccine&) = default;
};
BOOST_DESCRIBE_STRUCT(InjectVaccine, (), (id, inject_date))

// May come before the reservation is received: it is not received afterwards.
struct CancelAppointment {
    static constexpr std::string_view type = "vaccination.cancel_appointment";
    std::int64_t id = 0;
    friend bool operator==(const CancelAppointment&, const CancelAppointment&) = default;
};
BOOST_DESCRIBE_STRUCT(CancelAppointment, (), (id))

// Refused before the day of the reservation.
struct RecordNoShow {
    static constexpr std::string_view type = "vaccination.record_no_show";
    std::int64_t id = 0;
    Date today;
    friend bool operator==(const RecordNoShow&, const RecordNoShow&) = default;
};
BOOST_DESCRIBE_STRUCT(RecordNoShow, (), (id, today))

using AppointmentCommand =
    std::variant<ReceiveReservation, AssignVaccine, InjectVaccine, CancelAppointment, RecordNoShow>;

struct AppointmentContract {
    static constexpr std::string_view category = "vaccination.appointment";
    static std::string_view context(std::string_view) { return "hospital"; }
    static std::vector<std::string> tags(const AppointmentEvent& event);
    using Command = AppointmentCommand;
    using Event = AppointmentEvent;
};

}  // namespace yeyak::vaccination
