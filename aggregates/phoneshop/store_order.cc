#include "aggregates/phoneshop/store_order.h"

#include "kernel/match.h"

namespace yeyak::phoneshop {
namespace {

using Decided = Decision<StoreOrderEvent, StoreOrderRejection>;

// The same order again: it is already there.
Decided received_before(const OrderReceived& known, const OrderReceived& again) {
    return known == again ? StoreOrder::unchanged()
                          : StoreOrder::refuse(StoreOrderRejection::store_order_exists);
}

}  // namespace

Decided StoreOrder::decide(const State& state, const Command& command) {
    return match(state, command)(
        [](const NotReceived&, const ReceiveOrder& c) { return accept(c.order); },
        [](const Stopped&, const ReceiveOrder&) { return refuse(Rejection::store_order_stopped); },
        [](const AnyOf<Received, Packed, HandedOver> auto& s, const ReceiveOrder& c) {
            return received_before(s.order, c.order);
        },

        [](const NotReceived&, const PackParcel&) {
            return refuse(Rejection::store_order_not_found);
        },
        [](const Received& s, const PackParcel&) { return accept(ParcelPacked{s.order.id}); },
        // Late or repeated.
        [](const AnyOf<Packed, HandedOver, Stopped> auto&, const PackParcel&) {
            return unchanged();
        },

        [](const NotReceived&, const ShipParcel&) {
            return refuse(Rejection::store_order_not_found);
        },
        [](const Received&, const ShipParcel&) {
            return refuse(Rejection::store_order_not_packed);
        },
        [](const Packed& s, const ShipParcel&) {
            return accept(ParcelShipped{s.order.id, s.order.item, s.order.address});
        },
        [](const HandedOver&, const ShipParcel&) { return unchanged(); },
        [](const Stopped&, const ShipParcel&) { return refuse(Rejection::store_order_stopped); },

        [](const HandedOver&, const StopStoreOrder&) {
            return refuse(Rejection::store_order_shipped);
        },
        [](const Stopped&, const StopStoreOrder&) { return unchanged(); },
        [](const AnyOf<NotReceived, Received, Packed> auto&, const StopStoreOrder& c) {
            return accept(StoreOrderStopped{c.id});
        });
}

StoreOrderState StoreOrder::evolve(const State& state, const Event& event) {
    return match<State>(state, event)(
        [](const auto&, const OrderReceived& e) { return Received{e}; },
        [](const Received& s, const ParcelPacked&) { return Packed{s.order}; },
        [](const Packed& s, const ParcelShipped&) { return HandedOver{s.order}; },
        [](const auto&, const StoreOrderStopped&) { return Stopped{}; },
        // In no other state can these two happen.
        [](const AnyOf<NotReceived, Packed, HandedOver, Stopped> auto& s, const ParcelPacked&) {
            return s;
        },
        [](const AnyOf<NotReceived, Received, HandedOver, Stopped> auto& s, const ParcelShipped&) {
            return s;
        });
}

Outputs<StoreOrder> StoreOrder::after(const State&, const Event& event) {
    return match<Outputs<StoreOrder>>(event)(
        [](const OrderReceived& e) {
            return Outputs<StoreOrder>{.timers = {{e.packed_by, PackParcel{}}}};
        },
        [](const AnyOf<ParcelPacked, ParcelShipped, StoreOrderStopped> auto&) {
            return Outputs<StoreOrder>{};
        });
}

}  // namespace yeyak::phoneshop
