#include "aggregates/market/product.h"

#include <fmt/format.h>

#include "kernel/match.h"

namespace yeyak::market {
namespace {

template <class S>
concept Registered = requires(S state) { state.details; };
template <class S>
concept Held = requires(S state) { state.reservation_id; };

Decision<ProductEvent, ProductRejection> edited(const ProductRegistered& now,
                                                const EditProduct& wish) {
    const ProductEdited after{now.id, wish.product_name.value_or(now.product_name),
                              wish.price.value_or(now.price)};
    if (after.product_name == now.product_name && after.price == now.price)
        return Product::unchanged();
    return Product::accept(after);
}

ProductRegistered with(ProductRegistered details, const ProductEdited& e) {
    details.product_name = e.product_name;
    details.price = e.price;
    return details;
}

// A product that somebody holds is released, by the reservation that holds it; for any other one
// it was released before.
template <Held S>
Decision<ProductEvent, ProductRejection> released(const S& s, const ReleaseProduct& c) {
    if (s.reservation_id != c.reservation_id) return Product::unchanged();
    return Product::accept(ProductReleased{c.id, c.reservation_id});
}

}  // namespace

std::vector<std::string> ProductContract::tags(const ProductEvent& event) {
    const auto* e = std::get_if<ProductRegistered>(&event);
    if (!e || !e->seller_id) return {};
    return {fmt::format("seller:{}", *e->seller_id)};
}

Decision<ProductEvent, ProductRejection> Product::decide(const State& state,
                                                         const Command& command) {
    return match(state, command)(
        [](const NoProduct&, const RegisterProduct& c) { return accept(c.product); },
        [](const NoProduct&, const auto&) { return refuse(Rejection::product_not_found); },
        []<Registered S>(const S& s, const RegisterProduct& c) {
            return s.details == c.product ? unchanged() : refuse(Rejection::product_exists);
        },
        []<Registered S>(const S& s, const EditProduct& c) { return edited(s.details, c); },

        [](const Available&, const ReserveProduct& c) {
            return accept(ProductReserved{c.id, c.reservation_id});
        },
        [](const Pending& s, const ReserveProduct& c) {
            return s.reservation_id == c.reservation_id ? unchanged()
                                                        : refuse(Rejection::product_not_available);
        },
        [](const SoldOut&, const ReserveProduct&) {
            return refuse(Rejection::product_not_available);
        },

        [](const Available&, const ReleaseProduct&) { return unchanged(); },
        []<Held S>(const S& s, const ReleaseProduct& c) { return released(s, c); },

        [](const Available&, const SellProduct&) {
            return refuse(Rejection::product_not_reserved);
        },
        [](const Pending& s, const SellProduct& c) {
            if (s.reservation_id != c.reservation_id)
                return refuse(Rejection::product_not_reserved);
            return accept(ProductSold{c.id, c.reservation_id});
        },
        [](const SoldOut& s, const SellProduct& c) {
            return s.reservation_id == c.reservation_id ? unchanged()
                                                        : refuse(Rejection::product_not_reserved);
        });
}

ProductState Product::evolve(const State& state, const Event& event) {
    return match<State>(state, event)(
        [](const NoProduct&, const ProductRegistered& e) { return Available{e}; },
        [](const NoProduct& s,
           const AnyOf<ProductEdited, ProductReserved, ProductReleased, ProductSold> auto&) {
            return s;
        },
        []<Registered S>(const S& s, const ProductRegistered&) { return s; },
        []<Registered S>(S s, const ProductEdited& e) {
            s.details = with(s.details, e);
            return s;
        },
        []<Registered S>(const S& s, const ProductReserved& e) {
            return Pending{s.details, e.reservation_id};
        },
        []<Registered S>(const S& s, const ProductReleased&) { return Available{s.details}; },
        []<Registered S>(const S& s, const ProductSold& e) {
            return SoldOut{s.details, e.reservation_id};
        });
}

}  // namespace yeyak::market
