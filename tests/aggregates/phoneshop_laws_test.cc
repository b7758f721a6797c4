// The laws of laws.h for orders and store orders, and what each of them never does (invariant 5).
#include "tests/aggregates/laws.h"

#include "aggregates/phoneshop/order.h"
#include "aggregates/phoneshop/store_order.h"
#include "tests/aggregates/phoneshop_samples.h"

namespace yeyak::phoneshop {
namespace {

using namespace tests;
using namespace tests::phones;

const std::vector<OrderCommand> order_commands = [] {
    auto other = placed();
    other.address = sealed("busan");
    return std::vector<OrderCommand>{PlaceOrder{placed()},
                                     PlaceOrder{other},
                                     ConfirmPayment{17, noon},
                                     ShipOrder{17},
                                     CancelOrder{17},
                                     ConfirmPayCancelled{17},
                                     RejectOrder{17, RejectReason::payment_declined},
                                     RejectOrder{17, RejectReason::payment_timeout}};
}();
const std::vector<StoreOrderCommand> store_commands = [] {
    auto other = tests::phones::received();
    other.qty = 3;
    return std::vector<StoreOrderCommand>{ReceiveOrder{tests::phones::received()},
                                          ReceiveOrder{other}, PackParcel{}, ShipParcel{17},
                                          StopStoreOrder{17}};
}();

template <class... E, class Event>
bool never_both(const std::vector<Event>& events) {
    return ((count<E>(events) > 0 ? 1 : 0) + ...) <= 1;
}

RC_GTEST_PROP(PhoneOrderLaws, hold_for_every_history, ()) {
    const auto history =
        live<Order>(order_commands, [](const auto& before, const auto& after, const auto&) {
            RC_ASSERT(before.index() <= after.index());  // only forward
            RC_ASSERT(!std::holds_alternative<Shipped>(before));
            RC_ASSERT(!std::holds_alternative<Rejected>(before));
        });
    RC_ASSERT(count<OrderPlaced>(history) <= 1);
    RC_ASSERT(count<OrderPaid>(history) <= 1);
    RC_ASSERT(count<OrderShipped>(history) <= count<OrderPaid>(history));
    RC_ASSERT(count<OrderPayCancelled>(history) <= count<OrderCancelled>(history));
    RC_ASSERT((never_both<OrderShipped, OrderCancelled, OrderRejected>(history)));
    RC_ASSERT((never_both<OrderPaid, OrderRejected>(history)));
}

RC_GTEST_PROP(StoreOrderLaws, hold_for_every_history, ()) {
    const auto history =
        live<StoreOrder>(store_commands, [](const auto& before, const auto& after, const auto&) {
            RC_ASSERT(before.index() < after.index());
            RC_ASSERT(!std::holds_alternative<HandedOver>(before));
            RC_ASSERT(!std::holds_alternative<Stopped>(before));
        });
    RC_ASSERT(count<OrderReceived>(history) <= 1);
    RC_ASSERT(count<ParcelPacked>(history) <= count<OrderReceived>(history));
    RC_ASSERT(count<ParcelShipped>(history) <= count<ParcelPacked>(history));
    RC_ASSERT((never_both<ParcelShipped, StoreOrderStopped>(history)));
}

RC_GTEST_PROP(PhoneOrderLaws, evolve_is_total, ()) {
    total<Order>({placed(), OrderPaid{17, noon}, OrderShipped{17}, OrderCancelled{17},
                  OrderPayCancelled{17}, OrderRejected{17, RejectReason::payment_declined}});
    total<StoreOrder>(
        {tests::phones::received(), ParcelPacked{17}, parcel(), StoreOrderStopped{17}});
}

}  // namespace
}  // namespace yeyak::phoneshop
