#include "projections/vaccination/hospitals.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::HospitalRow)
}

namespace yeyak::projections {

void Hospitals::apply(Row& row, const vaccination::HospitalReservationReceived& e, Instant) {
    row.id = e.id;
    row.reservation_id = e.reservation_id;
    row.hospital_name = e.hospital_name;
    row.user_id = e.user_id;
    row.user_name = e.user_name.text();
    row.user_reg_number = e.user_reg_number.text();
    row.reserve_date = e.reserve_date;
    row.reserve_status = ReserveStatus::RESERVE;
}
void Hospitals::apply(Row& row, const vaccination::VaccineAssigned& e, Instant) {
    row.vaccine_type = e.vaccine_type;
}
void Hospitals::apply(Row& row, const vaccination::VaccineInjected& e, Instant) {
    row.inject_date = e.inject_date;
    row.reserve_status = ReserveStatus::INJECT;
}
void Hospitals::apply(Row& row, const vaccination::NoShowRecorded&, Instant) {
    row.reserve_status = ReserveStatus::NO_SHOW;
}
// One that was cancelled before it came is a row all the same.
void Hospitals::apply(Row& row, const vaccination::HospitalReservationCancelled& e, Instant at) {
    row.id = e.id;
    row.reservation_id = e.reservation_id;
    row.cancel_date = at;
    row.reserve_status = ReserveStatus::CANCEL;
}

std::vector<IndexValue> Hospitals::indexes(const Row& row) {
    return {{"vaccineType", row.vaccine_type.value_or("")},
            {"reserveStatus", text_of(row.reserve_status)}};
}

}  // namespace yeyak::projections
