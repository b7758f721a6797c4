// One order. It alone decides whether the phone leaves or the customer still cancels: the store
// hands a parcel over only after the order said Shipped, and a shipped order is not cancelled.
//
//   (nothing) ─▶ Placed ─▶ Paid ─▶ Shipped
//                  │  │      │
//                  │  └──────┴──▶ Cancelled ─▶ Cancelled, payment too
//                  └─▶ Rejected
#pragma once
#include "aggregates/phoneshop/order_contract.h"
#include "kernel/decider.h"

namespace yeyak::phoneshop {

struct NoOrder {};
struct Placed {
    OrderPlaced order;
};
struct Paid {
    OrderPlaced order;
    Instant paid_at;
};
struct Shipped {
    OrderPlaced order;
    Instant paid_at;
};
struct Cancelled {
    bool pay_cancelled = false;
};
struct Rejected {};
using OrderState = std::variant<NoOrder, Placed, Paid, Shipped, Cancelled, Rejected>;

enum class OrderRejection {
    order_not_found,
    order_exists,
    order_not_paid,
    order_paid,
    order_shipped,
    order_cancelled,
    order_not_cancelled,
    order_rejected
};
BOOST_DESCRIBE_ENUM(OrderRejection, order_not_found, order_exists, order_not_paid, order_paid,
                    order_shipped, order_cancelled, order_not_cancelled, order_rejected)

struct Order : OrderContract, Answers<OrderEvent, OrderRejection> {
    using State = OrderState;
    using Command = OrderCommand;
    using Event = OrderEvent;
    using Rejection = OrderRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<Order>);

}  // namespace yeyak::phoneshop
