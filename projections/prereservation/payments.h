// The payments of pre-reservations: GET /payments. A payment without which no money was kept
// (declined, failed, refunded) leaves the list and is shown on request.
#pragma once
#include "aggregates/payment/contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct PaymentRow {
    std::int64_t id = 0;
    std::string card_no;  // masked
    Won price;
    std::int64_t pre_reservation_id = 0;
    std::int64_t product_id = 0;
    std::string product_name;
    std::int64_t user_id = 0;
    std::string status;  // payment_requested, paid, payment_unknown, …
    std::optional<std::string> approval_no;
    Won refunded;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(PaymentRow, (),
                      (id, card_no, price, pre_reservation_id, product_id, product_name, user_id,
                       status, approval_no, refunded, created_at, modified_at))

struct Payments {
    static constexpr std::string_view name = "payments";
    static constexpr std::string_view context = "payment";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "prereservation.reservation"};
    using Sources = Contracts<payment::Contract>;
    using Row = PaymentRow;

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
    static std::vector<IndexValue> indexes(const Row& row) {
        return {{"userId", std::to_string(row.user_id)}};
    }

  private:
    static std::optional<std::string> key_of(std::string_view order);
};

}  // namespace yeyak::projections
