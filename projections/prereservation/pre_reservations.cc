#include "projections/prereservation/pre_reservations.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::PreReservationRow)
}

namespace yeyak::projections {

void PreReservations::apply(Row& row, const prereservation::ReservationRequested& e, Instant at) {
    row = {.id = e.id,
           .user_id = e.user_id,
           .user_address = e.user_address.text(),
           .product_id = e.product_id,
           .product_name = e.product_name,
           .price = e.price,
           .card_no = e.card_no.text(),
           .status = "reservated",
           .created_at = at,
           .modified_at = at};
}

void PreReservations::apply(Row& row, const prereservation::ReservationConfirmed&, Instant at) {
    row.status = "paid";
    row.modified_at = at;
}

void PreReservations::apply(Row& row, const prereservation::ReservationCancelled&, Instant at) {
    row.status = "reservation_cancelled";
    row.modified_at = at;
}

}  // namespace yeyak::projections
