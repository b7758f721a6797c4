// "What became of what I reserved?" GET /myPages: one row for each reservation, joined from the
// reservation and its bill, in whatever order their events come.
#pragma once
#include "aggregates/market/bill_contract.h"
#include "aggregates/market/reservation_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct MarketMyPageRow {
    std::int64_t id = 0;
    std::int64_t product_id = 0;
    std::int64_t reservation_id = 0;
    std::optional<std::int64_t> payment_id;
    std::string product_name;
    std::string reservation_status;  // 01 reserved, 02 cancelled
    std::string payment_status;      // empty, 01 unpaid, 02 paid, 03 cancelled, 04 refunded
    Won price;
    std::optional<std::int64_t> customer_id;
    std::optional<std::string> cancel_reason;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(MarketMyPageRow, (),
                      (id, product_id, reservation_id, payment_id, product_name, reservation_status,
                       payment_status, price, customer_id, cancel_reason, created_at, modified_at))

struct MarketMyPages {
    static constexpr std::string_view name = "market.myPages";
    static constexpr std::string_view context = "mypage";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "market.reservation"};
    using Sources = Contracts<market::ReservationContract, market::BillContract>;
    using Row = MarketMyPageRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const market::Reserved& e, Instant at);
    static void apply(Row& row, const market::ReservationCancelled& e, Instant at);
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
