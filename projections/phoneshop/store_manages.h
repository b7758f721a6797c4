// The store's list of what it has to send: GET /storeManages. Stopped orders leave the list.
#pragma once
#include "aggregates/phoneshop/store_order_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct StoreManageRow {
    std::int64_t id = 0;
    std::int64_t order_id = 0;
    std::string item;
    std::int64_t qty = 0;
    std::string store;
    std::string address;
    Won price;
    std::string process;  // Payed, Shipped, OrderCancelled
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(StoreManageRow, (),
                      (id, order_id, item, qty, store, address, price, process, created_at,
                       modified_at))

struct StoreManages {
    static constexpr std::string_view name = "phoneshop.storeManages";
    static constexpr std::string_view context = "store";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "phoneshop.order"};
    using Sources = Contracts<phoneshop::StoreOrderContract>;
    using Row = StoreManageRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const phoneshop::OrderReceived& e, Instant at);
    static void apply(Row& row, const phoneshop::ParcelPacked& e, Instant at);
    static void apply(Row& row, const phoneshop::ParcelShipped& e, Instant at);
    static void apply(Row& row, const phoneshop::StoreOrderStopped& e, Instant at);
    static bool cancelled(const Row& row) { return row.process == "OrderCancelled"; }
    static std::vector<IndexValue> indexes(const Row& row) { return {{"process", row.process}}; }
};

}  // namespace yeyak::projections
