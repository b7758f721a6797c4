// One product:  (nothing) ─▶ Available (01) ─▶ Pending (02) ─▶ SoldOut
//                                ▲──── released ────┴─────────────┘
// Only a product that is available can be reserved; whoever comes second is refused.
#pragma once
#include "aggregates/market/product_contract.h"
#include "kernel/decider.h"

namespace yeyak::market {

struct NoProduct {};
struct Available {
    ProductRegistered details;
};
struct Pending {
    ProductRegistered details;
    std::int64_t reservation_id = 0;
};
struct SoldOut {
    ProductRegistered details;
    std::int64_t reservation_id = 0;
};
using ProductState = std::variant<NoProduct, Available, Pending, SoldOut>;

enum class ProductRejection {
    product_not_found,
    product_exists,
    product_not_available,
    product_not_reserved
};
BOOST_DESCRIBE_ENUM(ProductRejection, product_not_found, product_exists, product_not_available,
                    product_not_reserved)

struct Product : ProductContract, Answers<ProductEvent, ProductRejection> {
    using State = ProductState;
    using Command = ProductCommand;
    using Event = ProductEvent;
    using Rejection = ProductRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<Product>);

}  // namespace yeyak::market
