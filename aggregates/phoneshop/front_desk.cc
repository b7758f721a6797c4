#include "aggregates/phoneshop/front_desk.h"

#include "aggregates/engine/aggregate_host.h"
#include "aggregates/phoneshop/order.h"
#include "aggregates/phoneshop/sale.h"
#include "aggregates/phoneshop/store_order_contract.h"
#include "kernel/match.h"

namespace yeyak::phoneshop {
Verdict place_order(Unit& unit, OrderPlaced order) {
    if (!unit.is_up(OrderContract::context(""))) return Verdict::context_down();
    order.id = static_cast<std::int64_t>(unit.next_number("phoneshop.orders"));
    const auto id = std::to_string(order.id);
    return unit.execute<OrderContract>(id, PlaceOrder{std::move(order)});
}

Verdict receive_order(Unit& unit, std::int64_t id) {
    const auto receive = [&](const OrderPlaced& order, Instant paid_at) {
        return unit.execute<StoreOrderContract>(std::to_string(id),
                                                ReceiveOrder{received(order, paid_at)});
    };
    // A copy: the state is valid only until the unit goes on.
    const auto order = state_in<Order>(unit, std::to_string(id));
    return match<Verdict>(order)(
        [&](const AnyOf<Paid, Shipped> auto& s) { return receive(s.order, s.paid_at); },
        [](const Placed&) { return Verdict::refused("order_not_paid"); },
        [](const Cancelled&) { return Verdict::refused("order_cancelled"); },
        [](const AnyOf<NoOrder, Rejected> auto&) { return Verdict::refused("order_not_found"); });
}

}  // namespace yeyak::phoneshop
