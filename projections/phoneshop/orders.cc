#include "projections/phoneshop/orders.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::PhoneOrderRow)
}

namespace yeyak::projections {
namespace {

void become(PhoneOrderRow& row, std::string_view status, Instant at) {
    row.status = status;
    row.modified_at = at;
}

}  // namespace

void PhoneOrders::apply(Row& row, const phoneshop::OrderPlaced& e, Instant at) {
    row = {.id = e.id,
           .item = e.item,
           .qty = e.qty,
           .status = "Ordered",
           .store = e.store,
           .address = e.address.text(),
           .price = e.price,
           .created_at = at,
           .modified_at = at};
}
void PhoneOrders::apply(Row& row, const phoneshop::OrderPaid&, Instant at) {
    become(row, "Payed", at);
}
void PhoneOrders::apply(Row& row, const phoneshop::OrderShipped&, Instant at) {
    become(row, "Shipped", at);
}
void PhoneOrders::apply(Row& row, const phoneshop::OrderCancelled&, Instant at) {
    become(row, "OrderCancelled", at);
}
void PhoneOrders::apply(Row& row, const phoneshop::OrderPayCancelled&, Instant at) {
    become(row, "PayCancelled", at);
}
void PhoneOrders::apply(Row& row, const phoneshop::OrderRejected&, Instant at) {
    become(row, "OrderRejected", at);
}

bool PhoneOrders::cancelled(const Row& row) {
    return row.status == "OrderCancelled" || row.status == "PayCancelled" ||
           row.status == "OrderRejected";
}

}  // namespace yeyak::projections
