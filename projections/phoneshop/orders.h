// The app's list of orders: GET /orders. Cancelled ones leave the list and are still shown by their
// number; those that were never paid did not come into existence.
#pragma once
#include "aggregates/phoneshop/order_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct PhoneOrderRow {
    std::int64_t id = 0;
    std::string item;
    std::int64_t qty = 0;
    std::string status;  // Ordered, Payed, Shipped, OrderCancelled, PayCancelled, OrderRejected
    std::string store;
    std::string address;
    Won price;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(PhoneOrderRow, (),
                      (id, item, qty, status, store, address, price, created_at, modified_at))

struct PhoneOrders {
    static constexpr std::string_view name = "phoneshop.orders";
    static constexpr std::string_view context = "app";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "phoneshop.order"};
    using Sources = Contracts<phoneshop::OrderContract>;
    using Row = PhoneOrderRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const phoneshop::OrderPlaced& e, Instant at);
    static void apply(Row& row, const phoneshop::OrderPaid& e, Instant at);
    static void apply(Row& row, const phoneshop::OrderShipped& e, Instant at);
    static void apply(Row& row, const phoneshop::OrderCancelled& e, Instant at);
    static void apply(Row& row, const phoneshop::OrderPayCancelled& e, Instant at);
    static void apply(Row& row, const phoneshop::OrderRejected& e, Instant at);
    static bool cancelled(const Row& row);
    static std::vector<IndexValue> indexes(const Row& row) { return {{"status", row.status}}; }
};

}  // namespace yeyak::projections
