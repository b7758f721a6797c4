// The payments of phone orders: GET /payments. One that took money stays in the list, also when the
// money was given back; one that never did leaves it.
#pragma once
#include "aggregates/payment/contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct PhonePaymentRow {
    std::int64_t id = 0;
    std::int64_t order_id = 0;
    Won price;
    std::string process;  // Ordered, Payed, Pay Cancelling, Pay Cancelled, Pay Declined, Pay Failed
    std::string card_no;  // masked; empty when none was given
    std::optional<std::string> approval_no;
    Won refunded;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(PhonePaymentRow, (),
                      (id, order_id, price, process, card_no, approval_no, refunded, created_at,
                       modified_at))

struct PhonePayments {
    static constexpr std::string_view name = "phoneshop.payments";
    static constexpr std::string_view context = "pay";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "phoneshop.order"};
    using Sources = Contracts<payment::Contract>;
    using Row = PhonePaymentRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return key_of(event.order);
    }
    static void apply(Row& row, const payment::PaymentRequested& e, Instant at);
    static void apply(Row& row, const payment::PaymentCompleted& e, Instant at);
    static void apply(Row& row, const payment::PaymentDeclined& e, Instant at);
    static void apply(Row& row, const payment::PaymentFailed& e, Instant at);
    static void apply(Row& row, const payment::PaymentOutcomeUnknown& e, Instant at);
    static void apply(Row& row, const payment::PaymentOutcomeAsked& e, Instant at);
    static void apply(Row& row, const payment::PaymentCancellationRequested& e, Instant at);
    static void apply(Row& row, const payment::RefundPostponed& e, Instant at);
    static void apply(Row& row, const payment::RefundRetried& e, Instant at);
    static void apply(Row& row, const payment::PaymentCancelled& e, Instant at);
    static bool cancelled(const Row& row);
    static std::vector<IndexValue> indexes(const Row& row) { return {{"process", row.process}}; }

  private:
    static std::optional<std::string> key_of(std::string_view order);
};

}  // namespace yeyak::projections
