#include "projections/vaccination/reservations.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::VaccineReservationRow)
}

namespace yeyak::projections {

void VaccineReservations::apply(Row& row, const vaccination::ReservationRequested& e, Instant) {
    row.id = e.id;
    row.user_id = e.user_id;
    row.user_name = e.user_name.text();
    row.user_reg_number = e.user_reg_number.text();
    row.reserve_date = e.reserve_date;
    row.reserve_status = ReserveStatus::RESERVE;
}
// One that was cancelled before it came is a row all the same.
void VaccineReservations::apply(Row& row, const vaccination::ReservationCancelled& e, Instant at) {
    row.id = e.id;
    row.reserve_status = ReserveStatus::CANCEL;
    row.cancel_date = at;
}
void VaccineReservations::apply(Row& row, const vaccination::ReservationFulfilled&, Instant) {
    row.reserve_status = ReserveStatus::INJECT;
}

std::vector<IndexValue> VaccineReservations::indexes(const Row& row) {
    return {{"reserveStatus", text_of(row.reserve_status)},
            {"reserveDate", row.reserve_date ? to_text(*row.reserve_date) : ""}};
}

}  // namespace yeyak::projections
