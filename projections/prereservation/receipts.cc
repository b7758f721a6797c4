#include "projections/prereservation/receipts.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::ReceiptRow)
}

namespace yeyak::projections {

void Receipts::apply(Row& row, const prereservation::ReceiptIssued& e, Instant at) {
    row = {.id = e.id,
           .paid_id = e.paid_id,
           .pre_reservation_id = e.pre_reservation_id,
           .user_id = e.user_id,
           .product_id = e.product_id,
           .product_name = e.product_name,
           .price = e.price,
           .expected_delivery_at = e.expected_delivery_at,
           .status = "receipt_issued",
           .created_at = at,
           .modified_at = at};
}

// A receipt that was cancelled before it was issued is a row all the same.
void Receipts::apply(Row& row, const prereservation::ReceiptCancelled& e, Instant at) {
    row.id = e.id;
    row.pre_reservation_id = e.pre_reservation_id;
    row.status = "receipt_cancelled";
    row.modified_at = at;
}

}  // namespace yeyak::projections
