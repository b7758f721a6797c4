// The appointments of the hospital: GET /hospitals, as the original called them.
#pragma once
#include "aggregates/vaccination/appointment_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"
#include "projections/vaccination/status.h"

namespace yeyak::projections {

struct HospitalRow {
    std::int64_t id = 0;
    std::int64_t reservation_id = 0;
    std::string hospital_name;
    std::int64_t user_id = 0;
    std::string user_name;
    std::string user_reg_number;  // masked
    std::optional<Date> reserve_date;
    std::optional<Instant> inject_date;
    std::optional<Instant> cancel_date;
    std::optional<std::string> vaccine_type;
    ReserveStatus reserve_status = ReserveStatus::UNKNOWN;
};
BOOST_DESCRIBE_STRUCT(HospitalRow, (),
                      (id, reservation_id, hospital_name, user_id, user_name, user_reg_number,
                       reserve_date, inject_date, cancel_date, vaccine_type, reserve_status))

struct Hospitals {
    static constexpr std::string_view name = "vaccination.hospitals";
    static constexpr std::string_view context = "hospital";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "vaccination.user"};
    using Sources = Contracts<vaccination::AppointmentContract>;
    using Row = HospitalRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const vaccination::HospitalReservationReceived& e, Instant at);
    static void apply(Row& row, const vaccination::VaccineAssigned& e, Instant at);
    static void apply(Row& row, const vaccination::VaccineInjected& e, Instant at);
    static void apply(Row& row, const vaccination::HospitalReservationCancelled& e, Instant at);
    static void apply(Row& row, const vaccination::NoShowRecorded& e, Instant at);
    static bool cancelled(const Row&) { return false; }  // the original lists all
    static std::vector<IndexValue> indexes(const Row& row);
};

}  // namespace yeyak::projections
