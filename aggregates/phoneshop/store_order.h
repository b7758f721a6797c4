// One order in the store; it has the number of the order. A durable timer packs the parcel, and the
// sale answers with leave to ship it.
//
//   (nothing) ─▶ Received ─▶ Packed ─▶ HandedOver
//       └───────────┴──────────┴──▶ Stopped
#pragma once
#include "aggregates/engine/aggregate_host.h"
#include "aggregates/phoneshop/store_order_contract.h"

namespace yeyak::phoneshop {

struct NotReceived {};
struct Received {
    OrderReceived order;
};
struct Packed {
    OrderReceived order;
};
struct HandedOver {
    OrderReceived order;
};
struct Stopped {};
using StoreOrderState = std::variant<NotReceived, Received, Packed, HandedOver, Stopped>;

enum class StoreOrderRejection {
    store_order_not_found,
    store_order_exists,
    store_order_not_packed,
    store_order_shipped,
    store_order_stopped
};
BOOST_DESCRIBE_ENUM(StoreOrderRejection, store_order_not_found, store_order_exists,
                    store_order_not_packed, store_order_shipped, store_order_stopped)

struct StoreOrder : StoreOrderContract, Answers<StoreOrderEvent, StoreOrderRejection> {
    using State = StoreOrderState;
    using Command = StoreOrderCommand;
    using Event = StoreOrderEvent;
    using Effect = NoEffect;
    using Rejection = StoreOrderRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
    static Outputs<StoreOrder> after(const State& state, const Event& event);
};
static_assert(Decider<StoreOrder>);

}  // namespace yeyak::phoneshop
