#include "projections/prereservation/payments.h"

#include "aggregates/prereservation/reservation_contract.h"
#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::PaymentRow)
}

namespace yeyak::projections {
namespace {

template <class E>
void touch(PaymentRow& row, const E& e, Instant at) {
    row.id = row.pre_reservation_id = prereservation::reservation_of_order(e.order).value_or(0);
    row.modified_at = at;
}

template <class E>
void become(PaymentRow& row, std::string_view status, const E& e, Instant at) {
    touch(row, e, at);
    row.status = status;
}

// What is learnt of the charge; a cancellation that has begun goes on, whatever it was (PRE-X6).
template <class E>
void learn(PaymentRow& row, std::string_view status, const E& e, Instant at) {
    touch(row, e, at);
    if (row.status != "payment_cancelling") row.status = status;
}

}  // namespace

std::optional<std::string> Payments::key_of(std::string_view order) {
    const auto id = prereservation::reservation_of_order(order);
    if (!id) return std::nullopt;
    return number_key(*id);
}

void Payments::apply(Row& row, const payment::PaymentRequested& e, Instant at) {
    row = {.id = e.number,
           .card_no = e.card_no.text(),
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
    learn(row, "paid", e, at);
}
void Payments::apply(Row& row, const payment::PaymentDeclined& e, Instant at) {
    learn(row, "payment_declined", e, at);
}
void Payments::apply(Row& row, const payment::PaymentFailed& e, Instant at) {
    learn(row, "payment_failed", e, at);
}
void Payments::apply(Row& row, const payment::PaymentOutcomeUnknown& e, Instant at) {
    learn(row, "payment_unknown", e, at);
}
void Payments::apply(Row& row, const payment::PaymentOutcomeAsked& e, Instant at) {
    touch(row, e, at);
}
void Payments::apply(Row& row, const payment::PaymentCancellationRequested& e, Instant at) {
    become(row, "payment_cancelling", e, at);
}
void Payments::apply(Row& row, const payment::RefundPostponed& e, Instant at) {
    become(row, "refund_postponed", e, at);
}
void Payments::apply(Row& row, const payment::RefundRetried& e, Instant at) {
    become(row, "payment_cancelling", e, at);
}
void Payments::apply(Row& row, const payment::PaymentCancelled& e, Instant at) {
    row.refunded = e.refunded;
    become(row, "payment_cancelled", e, at);
}

bool Payments::cancelled(const Row& row) {
    return row.status == "payment_cancelled" || row.status == "payment_declined" ||
           row.status == "payment_failed";
}

}  // namespace yeyak::projections
