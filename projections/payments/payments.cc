#include "projections/payments/payments.h"

#include "aggregates/kernel/json_impl.h"
#include "aggregates/prereservation/reservation_contract.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::PaymentRow)
}

namespace yeyak::projections {
namespace {

void become(PaymentRow& row, std::string_view status, Instant at) {
    row.status = status;
    row.modified_at = at;
}

}  // namespace

std::optional<std::string> Payments::key_of(std::string_view order) {
    const auto id = prereservation::reservation_of_order(order);
    if (!id) return std::nullopt;
    return number_key(*id);
}

void Payments::apply(Row& row, const payment::PaymentRequested& e, Instant at) {
    row = {.id = e.number,
           .card_no = e.card_no,
           .price = e.price,
           .pre_reservation_id = e.number,
           .product_id = e.product_id,
           .product_name = e.product_name,
           .user_id = e.user_id,
           .status = "payment_requested",
           .approval_no = {},
           .refunded = {},
           .created_at = at,
           .modified_at = at};
}
void Payments::apply(Row& row, const payment::PaymentCompleted& e, Instant at) {
    row.approval_no = e.approval_no;
    become(row, "paid", at);
}
void Payments::apply(Row& row, const payment::PaymentDeclined&, Instant at) {
    become(row, "payment_declined", at);
}
void Payments::apply(Row& row, const payment::PaymentFailed&, Instant at) {
    become(row, "payment_failed", at);
}
void Payments::apply(Row& row, const payment::PaymentOutcomeUnknown&, Instant at) {
    become(row, "payment_unknown", at);
}
void Payments::apply(Row& row, const payment::PaymentOutcomeAsked&, Instant at) {
    row.modified_at = at;
}
void Payments::apply(Row& row, const payment::PaymentCancellationRequested&, Instant at) {
    become(row, "payment_cancelling", at);
}
void Payments::apply(Row& row, const payment::RefundPostponed&, Instant at) {
    become(row, "refund_postponed", at);
}
void Payments::apply(Row& row, const payment::RefundRetried&, Instant at) {
    become(row, "payment_cancelling", at);
}
void Payments::apply(Row& row, const payment::PaymentCancelled& e, Instant at) {
    row.refunded = e.refunded;
    become(row, "payment_cancelled", at);
}

bool Payments::cancelled(const Row& row) {
    return row.status == "payment_cancelled" || row.status == "payment_declined" ||
           row.status == "payment_failed";
}

}  // namespace yeyak::projections
