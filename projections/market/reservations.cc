#include "projections/market/reservations.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::MarketReservationRow)
}

namespace yeyak::projections {

void MarketReservations::apply(Row& row, const market::Reserved& e, Instant at) {
    row = {.id = e.id,
           .reservation_status = "01",
           .product_id = e.product_id,
           .type = "Reserved",
           .product_name = e.product_name,
           .price = e.price,
           .customer_id = e.customer_id,
           .expires_at = e.expires_at,
           .cancel_reason = {},
           .created_at = at,
           .modified_at = at};
}
void MarketReservations::apply(Row& row, const market::ReservationCancelled& e, Instant at) {
    row.reservation_status = "02";
    row.type = "Cancled";
    row.cancel_reason = boost::describe::enum_to_string(e.reason, "");
    row.modified_at = at;
}

std::vector<IndexValue> MarketReservations::indexes(const Row& row) {
    std::vector<IndexValue> values{{"productId", std::to_string(row.product_id)}};
    if (row.customer_id) values.push_back({"customerId", std::to_string(*row.customer_id)});
    return values;
}

}  // namespace yeyak::projections
