// The payments of the market, one for each reservation: GET /payments.
#pragma once
#include "aggregates/market/bill_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct MarketPaymentRow {
    std::int64_t id = 0;
    std::int64_t reservation_id = 0;
    std::int64_t product_id = 0;
    std::string payment_status;       // 01 unpaid, 02 paid, 03 cancelled, 04 refunded
    std::optional<std::string> type;  // "paid" once it was
    Won price;
    Won refunded;
    std::string card_no;  // masked, of the latest attempt
    std::optional<std::int64_t> customer_id;
    std::optional<Instant> expires_at;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(MarketPaymentRow, (),
                      (id, reservation_id, product_id, payment_status, type, price, refunded,
                       card_no, customer_id, expires_at, created_at, modified_at))

struct MarketPayments {
    static constexpr std::string_view name = "market.payments";
    static constexpr std::string_view context = "market.payment";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "market.reservation"};
    using Sources = Contracts<market::BillContract>;
    using Row = MarketPaymentRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const market::BillIssued& e, Instant at);
    static void apply(Row& row, const market::BillPaymentRequested& e, Instant at);
    static void apply(Row& row, const market::BillPaid& e, Instant at);
    static void apply(Row& row, const market::BillReopened& e, Instant at);
    static void apply(Row& row, const market::BillCancelled& e, Instant at);
    static void apply(Row& row, const market::BillRefunded& e, Instant at);
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row);
};

}  // namespace yeyak::projections
