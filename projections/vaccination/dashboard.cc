#include "projections/vaccination/dashboard.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::VaccinationDashboardRow)
}

namespace yeyak::projections {
namespace {

using namespace vaccination;

// Reservation and appointment both tell whose it is.
template <class E>
void describe(VaccinationDashboardRow& row, const E& e) {
    row.user_id = e.user_id;
    row.user_name = e.user_name.text();
    row.user_reg_number = e.user_reg_number.text();
    row.reserve_date = e.reserve_date;
    advance(row.reserve_status, ReserveStatus::RESERVE);
}

}  // namespace

void VaccinationDashboard::apply(Row& row, const ReservationRequested& e, Instant) {
    row.id = e.id;
    describe(row, e);
}
void VaccinationDashboard::apply(Row& row, const ReservationCancelled& e, Instant at) {
    row.id = e.id;
    row.cancel_date = at;
    advance(row.reserve_status, ReserveStatus::CANCEL);
}
void VaccinationDashboard::apply(Row& row, const ReservationFulfilled& e, Instant) {
    row.id = e.id;
    advance(row.reserve_status, ReserveStatus::INJECT);
}
void VaccinationDashboard::apply(Row& row, const HospitalReservationReceived& e, Instant) {
    row.id = e.reservation_id;
    describe(row, e);
}
void VaccinationDashboard::apply(Row& row, const VaccineAssigned& e, Instant) {
    row.id = e.reservation_id;
    row.vaccine_type = e.vaccine_type;
}
void VaccinationDashboard::apply(Row& row, const VaccineInjected& e, Instant) {
    row.id = e.reservation_id;
    row.vaccine_type = e.vaccine_type;
    row.inject_date = e.inject_date;
    advance(row.reserve_status, ReserveStatus::INJECT);
}
void VaccinationDashboard::apply(Row& row, const NoShowRecorded& e, Instant) {
    row.id = e.reservation_id;
    advance(row.reserve_status, ReserveStatus::NO_SHOW);
}
// The reservation itself says that it is cancelled.
void VaccinationDashboard::apply(Row& row, const HospitalReservationCancelled& e, Instant) {
    row.id = e.reservation_id;
}

std::vector<IndexValue> VaccinationDashboard::indexes(const Row& row) {
    return {{"userId", std::to_string(row.user_id)},
            {"reserveStatus", text_of(row.reserve_status)},
            {"vaccineType", row.vaccine_type.value_or("")}};
}

}  // namespace yeyak::projections
