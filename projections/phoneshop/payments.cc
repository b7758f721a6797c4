#include "projections/phoneshop/payments.h"

#include "aggregates/phoneshop/order_contract.h"
#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::PhonePaymentRow)
}

namespace yeyak::projections {
namespace {

constexpr std::string_view ordered = "Ordered";
constexpr std::string_view cancelling = "Pay Cancelling";

template <class E>
void become(PhonePaymentRow& row, std::string_view process, const E& e, Instant at) {
    row.id = row.order_id = phoneshop::order_of_payment(e.order).value_or(0);
    row.process = process;
    row.modified_at = at;
}

// Once it is being cancelled, what is learnt of the charge is no news: it only moves forward.
template <class E>
void learn(PhonePaymentRow& row, std::string_view process, const E& e, Instant at) {
    become(row, row.process == cancelling ? cancelling : process, e, at);
}

}  // namespace

std::optional<std::string> PhonePayments::key_of(std::string_view order) {
    const auto id = phoneshop::order_of_payment(order);
    if (!id) return std::nullopt;
    return number_key(*id);
}

void PhonePayments::apply(Row& row, const payment::PaymentRequested& e, Instant at) {
    row.price = e.price;
    row.card_no = e.card_no.text();
    row.created_at = at;
    become(row, ordered, e, at);
}
void PhonePayments::apply(Row& row, const payment::PaymentCompleted& e, Instant at) {
    row.approval_no = e.approval_no;
    learn(row, "Payed", e, at);
}
void PhonePayments::apply(Row& row, const payment::PaymentDeclined& e, Instant at) {
    learn(row, "Pay Declined", e, at);
}
void PhonePayments::apply(Row& row, const payment::PaymentFailed& e, Instant at) {
    learn(row, "Pay Failed", e, at);
}
void PhonePayments::apply(Row& row, const payment::PaymentOutcomeUnknown& e, Instant at) {
    learn(row, ordered, e, at);
}
void PhonePayments::apply(Row& row, const payment::PaymentOutcomeAsked& e, Instant at) {
    learn(row, ordered, e, at);
}
void PhonePayments::apply(Row& row, const payment::PaymentCancellationRequested& e, Instant at) {
    become(row, cancelling, e, at);
}
void PhonePayments::apply(Row& row, const payment::RefundPostponed& e, Instant at) {
    become(row, cancelling, e, at);
}
void PhonePayments::apply(Row& row, const payment::RefundRetried& e, Instant at) {
    become(row, cancelling, e, at);
}
void PhonePayments::apply(Row& row, const payment::PaymentCancelled& e, Instant at) {
    row.refunded = e.refunded;
    become(row, "Pay Cancelled", e, at);
}

bool PhonePayments::cancelled(const Row& row) {
    const bool open = row.process == ordered || row.process == cancelling;
    return !open && !row.approval_no;
}

}  // namespace yeyak::projections
