#include "projections/phoneshop/customers.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::PhoneCustomerRow)
}

namespace yeyak::projections {
namespace {

// The furthest of what happened, whatever came first here.
std::string_view furthest(const PhoneCustomerRow& row) {
    if (row.reject_reason) return "OrderRejected";
    if (row.cancelled_at) return row.pay_cancelled_at ? "Pay Cancelled" : "OrderCancelled";
    if (row.shipped_at) return "Shipped";
    return row.payed_at ? "Payed" : "Ordered";
}

void changed(PhoneCustomerRow& row, std::int64_t id) {
    row.id = row.order_id = id;
    row.status = furthest(row);
}

std::int64_t order_of(std::string_view payment) {
    return phoneshop::order_of_payment(payment).value_or(0);
}

}  // namespace

std::optional<std::string> PhoneCustomers::key_of(std::string_view payment) {
    const auto id = phoneshop::order_of_payment(payment);
    if (!id) return std::nullopt;
    return number_key(*id);
}

void PhoneCustomers::apply(Row& row, const phoneshop::OrderPlaced& e, Instant at) {
    row.item = e.item;
    row.qty = e.qty;
    row.price = e.price;
    row.ordered_at = at;
    changed(row, e.id);
}
void PhoneCustomers::apply(Row& row, const phoneshop::OrderRejected& e, Instant) {
    row.reject_reason = e.reason;
    changed(row, e.id);
}
void PhoneCustomers::apply(Row& row, const phoneshop::OrderCancelled& e, Instant at) {
    row.cancelled_at = at;
    changed(row, e.id);
}
void PhoneCustomers::apply(Row& row, const payment::PaymentCompleted& e, Instant) {
    row.payed_at = e.paid_at;
    changed(row, order_of(e.order));
}
void PhoneCustomers::apply(Row& row, const payment::PaymentCancelled& e, Instant at) {
    row.pay_cancelled_at = at;
    changed(row, order_of(e.order));
}
void PhoneCustomers::apply(Row& row, const phoneshop::ParcelShipped& e, Instant at) {
    row.shipped_at = at;
    changed(row, e.id);
}

}  // namespace yeyak::projections
