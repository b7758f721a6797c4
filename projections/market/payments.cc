#include "projections/market/payments.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::MarketPaymentRow)
}

namespace yeyak::projections {
namespace {

void become(MarketPaymentRow& row, std::string_view status, Instant at) {
    row.payment_status = status;
    row.modified_at = at;
}

}  // namespace

void MarketPayments::apply(Row& row, const market::BillIssued& e, Instant at) {
    row = {.id = e.id,
           .reservation_id = e.id,
           .product_id = e.product_id,
           .payment_status = "01",
           .type = {},
           .price = e.price,
           .refunded = {},
           .card_no = {},
           .customer_id = e.customer_id,
           .expires_at = e.expires_at,
           .created_at = at,
           .modified_at = at};
}
void MarketPayments::apply(Row& row, const market::BillPaymentRequested& e, Instant at) {
    row.card_no = e.card_no.text();
    row.modified_at = at;
}
void MarketPayments::apply(Row& row, const market::BillPaid&, Instant at) {
    row.type = "paid";
    become(row, "02", at);
}
void MarketPayments::apply(Row& row, const market::BillReopened&, Instant at) {
    become(row, "01", at);
}
void MarketPayments::apply(Row& row, const market::BillCancelled&, Instant at) {
    become(row, "03", at);
}
void MarketPayments::apply(Row& row, const market::BillRefunded& e, Instant at) {
    row.refunded = e.refunded;
    become(row, "04", at);
}

std::vector<IndexValue> MarketPayments::indexes(const Row& row) {
    std::vector<IndexValue> values{{"paymentStatus", row.payment_status}};
    if (row.customer_id) values.push_back({"customerId", std::to_string(*row.customer_id)});
    return values;
}

}  // namespace yeyak::projections
