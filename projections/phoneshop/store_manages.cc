#include "projections/phoneshop/store_manages.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::StoreManageRow)
}

namespace yeyak::projections {

void StoreManages::apply(Row& row, const phoneshop::OrderReceived& e, Instant at) {
    row = {.id = e.id,
           .order_id = e.id,
           .item = e.item,
           .qty = e.qty,
           .store = e.store,
           .address = e.address.text(),
           .price = e.price,
           .process = "Payed",
           .created_at = at,
           .modified_at = at};
}
void StoreManages::apply(Row& row, const phoneshop::ParcelPacked&, Instant at) {
    row.modified_at = at;
}
void StoreManages::apply(Row& row, const phoneshop::ParcelShipped&, Instant at) {
    row.process = "Shipped";
    row.modified_at = at;
}
void StoreManages::apply(Row& row, const phoneshop::StoreOrderStopped& e, Instant at) {
    row.id = row.order_id = e.id;  // it may never have been received
    row.process = "OrderCancelled";
    row.modified_at = at;
}

}  // namespace yeyak::projections
