// "How do the vaccinations stand?" One row for each reservation, joined from the reservation and
// its appointment: GET /dashboard/list. A context of its own, so that it can be stopped alone.
#pragma once
#include "aggregates/vaccination/appointment_contract.h"
#include "aggregates/vaccination/reservation_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"
#include "projections/vaccination/status.h"

namespace yeyak::projections {

struct VaccinationDashboardRow {
    std::int64_t id = 0;  // of the reservation
    std::int64_t user_id = 0;
    std::string user_name;
    std::string user_reg_number;  // masked
    ReserveStatus reserve_status = ReserveStatus::UNKNOWN;
    std::optional<Date> reserve_date;
    std::optional<Instant> cancel_date;
    std::optional<Instant> inject_date;
    std::optional<std::string> vaccine_type;  // from the moment that a dose is reserved
};
BOOST_DESCRIBE_STRUCT(VaccinationDashboardRow, (),
                      (id, user_id, user_name, user_reg_number, reserve_status, reserve_date,
                       cancel_date, inject_date, vaccine_type))

struct VaccinationDashboard {
    static constexpr std::string_view name = "vaccination.dashboard";
    static constexpr std::string_view context = "dashboard";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "vaccination.user"};
    using Sources = Contracts<vaccination::ReservationContract, vaccination::AppointmentContract>;
    using Row = VaccinationDashboardRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        if constexpr (requires { event.reservation_id; })
            return number_key(event.reservation_id);
        else
            return number_key(event.id);
    }
    static void apply(Row& row, const vaccination::ReservationRequested& e, Instant at);
    static void apply(Row& row, const vaccination::ReservationCancelled& e, Instant at);
    static void apply(Row& row, const vaccination::ReservationFulfilled& e, Instant at);
    static void apply(Row& row, const vaccination::HospitalReservationReceived& e, Instant at);
    static void apply(Row& row, const vaccination::VaccineAssigned& e, Instant at);
    static void apply(Row& row, const vaccination::VaccineInjected& e, Instant at);
    static void apply(Row& row, const vaccination::HospitalReservationCancelled& e, Instant at);
    static void apply(Row& row, const vaccination::NoShowRecorded& e, Instant at);
    static bool cancelled(const Row&) { return false; }  // it shows cancelled ones among the others
    static std::vector<IndexValue> indexes(const Row& row);
};

}  // namespace yeyak::projections
