#include "aggregates/phoneshop/store_order.h"

#include "aggregates/kernel/match.h"

namespace yeyak::phoneshop {
namespace {

using Verdict = Decision<StoreOrderEvent, StoreOrderRejection>;

// The same order again: it is already there.
Verdict received_before(const OrderReceived& known, const OrderReceived& again) {
    return known == again ? StoreOrder::unchanged()
                          : StoreOrder::refuse(StoreOrderRejection::store_order_exists);
}

}  // namespace

Verdict StoreOrder::decide(const State& state, const Command& command) {
    return match(state, command)(
        [](const NotReceived&, const ReceiveOrder& c) { return accept(c.order); },
        [](const Stopped&, const ReceiveOrder&) { return refuse(Rejection::store_order_stopped); },
        [](const auto& s, const ReceiveOrder& c) { return received_before(s.order, c.order); },

        [](const NotReceived&, const PackParcel&) {
            return refuse(Rejection::store_order_not_found);
        },
        [](const Received& s, const PackParcel&) { return accept(ParcelPacked{s.order.id}); },
        [](const auto&, const PackParcel&) { return unchanged(); },  // late or repeated

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
        [](const auto&, const StopStoreOrder& c) { return accept(StoreOrderStopped{c.id}); });
}

StoreOrderState StoreOrder::evolve(const State& state, const Event& event) {
    return match<State>(state, event)(
        [](const auto&, const OrderReceived& e) { return Received{e}; },
        [](const Received& s, const ParcelPacked&) { return Packed{s.order}; },
        [](const Packed& s, const ParcelShipped&) { return HandedOver{s.order}; },
        [](const auto&, const StoreOrderStopped&) { return Stopped{}; },
        [](const auto& s, const auto&) { return s; });
}

Outputs<StoreOrder> StoreOrder::after(const State&, const Event& event) {
    const auto* received = std::get_if<OrderReceived>(&event);
    if (!received) return {};
    return {.timers = {{received->packed_by, PackParcel{}}}};
}

}  // namespace yeyak::phoneshop
