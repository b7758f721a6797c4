// The reservations of the market: GET /reservations. Cancelled ones stay, with status 02 and the
// type that the founding document writes "Cancled".
#pragma once
#include "aggregates/market/reservation_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct MarketReservationRow {
    std::int64_t id = 0;
    std::string reservation_status;  // 01 reserved, 02 cancelled
    std::int64_t product_id = 0;
    std::string type;  // Reserved, Cancled
    std::string product_name;
    Won price;
    std::optional<std::int64_t> customer_id;
    std::optional<Instant> expires_at;
    std::optional<std::string> cancel_reason;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(MarketReservationRow, (),
                      (id, reservation_status, product_id, type, product_name, price, customer_id,
                       expires_at, cancel_reason, created_at, modified_at))

struct MarketReservations {
    static constexpr std::string_view name = "market.reservations";
    static constexpr std::string_view context = "market.reservation";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "market.reservation"};
    using Sources = Contracts<market::ReservationContract>;
    using Row = MarketReservationRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const market::Reserved& e, Instant at);
    static void apply(Row& row, const market::ReservationCancelled& e, Instant at);
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row);
};

}  // namespace yeyak::projections
