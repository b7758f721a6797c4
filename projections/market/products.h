// The products of the market and whether they can be had: GET /products.
#pragma once
#include "aggregates/market/product_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct MarketProductRow {
    std::int64_t id = 0;
    std::string product_name;
    std::string product_status;  // 01 available, 02 reserved, soldOut
    Won price;
    std::optional<std::int64_t> seller_id;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(MarketProductRow, (),
                      (id, product_name, product_status, price, seller_id, created_at, modified_at))

struct MarketProducts {
    static constexpr std::string_view name = "market.products";
    static constexpr std::string_view context = "product";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{};  // about nobody
    using Sources = Contracts<market::ProductContract>;
    using Row = MarketProductRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const market::ProductRegistered& e, Instant at);
    static void apply(Row& row, const market::ProductEdited& e, Instant at);
    static void apply(Row& row, const market::ProductReserved& e, Instant at);
    static void apply(Row& row, const market::ProductReleased& e, Instant at);
    static void apply(Row& row, const market::ProductSold& e, Instant at);
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row);
};

}  // namespace yeyak::projections
