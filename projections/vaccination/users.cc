#include "projections/vaccination/users.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::VaccinationUserRow)
}

namespace yeyak::projections {

void VaccinationUsers::apply(Row& row, const vaccination::UserReservationRequested& e, Instant at) {
    row.id = e.id;
    row.user_name = e.user_name.text();
    row.user_reg_number = e.user_reg_number.text();
    row.reserve_status = ReserveStatus::RESERVE;
    row.reserve_date = e.reserve_date;
    row.modify_date = at;
}
void VaccinationUsers::apply(Row& row, const vaccination::UserReservationCancelled& e, Instant at) {
    row.reserve_status = e.reason == vaccination::CancelReason::no_show ? ReserveStatus::NO_SHOW
                                                                        : ReserveStatus::CANCEL;
    row.modify_date = at;
    row.cancel_reason = boost::describe::enum_to_string(e.reason, "");
}
void VaccinationUsers::apply(Row& row, const vaccination::UserInjected& e, Instant at) {
    row.reserve_status = ReserveStatus::INJECT;
    row.modify_date = at;
    row.inject_date = e.inject_date;
    row.vaccine_type = e.vaccine_type;
}

std::vector<IndexValue> VaccinationUsers::indexes(const Row& row) {
    return {{"reserveStatus", text_of(row.reserve_status)}};
}

}  // namespace yeyak::projections
