#include "aggregates/phoneshop/order.h"

#include "kernel/match.h"
#include "kernel/order_name.h"

namespace yeyak::phoneshop {

std::string payment_of(std::int64_t order) { return order_name("phoneshop", {order}); }

std::optional<std::int64_t> order_of_payment(std::string_view payment) {
    const auto name = parse_order_name("phoneshop", payment);
    if (!name || name->attempt != 1) return std::nullopt;
    return name->id;
}

Decision<OrderEvent, OrderRejection> Order::decide(const State& state, const Command& command) {
    return match(state, command)(
        [](const NoOrder&, const PlaceOrder& c) { return accept(c.order); },
        [](const Placed& s, const PlaceOrder& c) {
            return s.order == c.order ? unchanged() : refuse(Rejection::order_exists);
        },
        [](const Paid&, const PlaceOrder&) { return refuse(Rejection::order_exists); },
        [](const Shipped&, const PlaceOrder&) { return refuse(Rejection::order_exists); },
        [](const Cancelled&, const PlaceOrder&) { return refuse(Rejection::order_exists); },
        [](const Rejected&, const PlaceOrder&) { return refuse(Rejection::order_exists); },

        [](const Placed& s, const ConfirmPayment& c) {
            return accept(OrderPaid{s.order.id, c.paid_at});
        },
        [](const Paid&, const ConfirmPayment&) { return unchanged(); },
        [](const Shipped&, const ConfirmPayment&) { return unchanged(); },

        [](const Placed&, const ShipOrder&) { return refuse(Rejection::order_not_paid); },
        [](const Paid& s, const ShipOrder&) { return accept(OrderShipped{s.order.id}); },
        [](const Shipped&, const ShipOrder&) { return unchanged(); },

        [](const Placed& s, const CancelOrder&) { return accept(OrderCancelled{s.order.id}); },
        [](const Paid& s, const CancelOrder&) { return accept(OrderCancelled{s.order.id}); },
        [](const Shipped&, const CancelOrder&) { return refuse(Rejection::order_shipped); },

        [](const Placed&, const ConfirmPayCancelled&) {
            return refuse(Rejection::order_not_cancelled);
        },
        [](const Paid&, const ConfirmPayCancelled&) {
            return refuse(Rejection::order_not_cancelled);
        },
        [](const Shipped&, const ConfirmPayCancelled&) {
            return refuse(Rejection::order_not_cancelled);
        },
        [](const Cancelled& s, const ConfirmPayCancelled& c) {
            return s.pay_cancelled ? unchanged() : accept(OrderPayCancelled{c.id});
        },
        [](const Rejected&, const ConfirmPayCancelled&) { return unchanged(); },

        [](const Placed& s, const RejectOrder& c) {
            return accept(OrderRejected{s.order.id, c.reason});
        },
        [](const Paid&, const RejectOrder&) { return refuse(Rejection::order_paid); },
        [](const Shipped&, const RejectOrder&) { return refuse(Rejection::order_paid); },
        [](const Rejected&, const RejectOrder&) { return unchanged(); },

        // These three are for ever.
        [](const NoOrder&, const auto&) { return refuse(Rejection::order_not_found); },
        [](const Cancelled&, const auto&) { return refuse(Rejection::order_cancelled); },
        [](const Rejected&, const auto&) { return refuse(Rejection::order_rejected); });
}

OrderState Order::evolve(const State& state, const Event& event) {
    return match<State>(state, event)(
        [](const auto&, const OrderPlaced& e) { return Placed{e}; },
        [](const Placed& s, const OrderPaid& e) { return Paid{s.order, e.paid_at}; },
        [](const Paid& s, const OrderShipped&) { return Shipped{s.order, s.paid_at}; },
        [](const auto&, const OrderCancelled&) { return Cancelled{}; },
        [](const auto&, const OrderPayCancelled&) { return Cancelled{true}; },
        [](const auto&, const OrderRejected&) { return Rejected{}; },
        // In no other state can these two happen.
        [](const AnyOf<NoOrder, Paid, Shipped, Cancelled, Rejected> auto& s, const OrderPaid&) {
            return s;
        },
        [](const AnyOf<NoOrder, Placed, Shipped, Cancelled, Rejected> auto& s,
           const OrderShipped&) { return s; });
}

}  // namespace yeyak::phoneshop
