// Every pair of state and command of an order in the store.
#include "aggregates/phoneshop/store_order.h"

#include "tests/aggregates/phoneshop_samples.h"
#include "tests/scenario.h"

namespace yeyak::phoneshop {
namespace {

using namespace tests;
using namespace tests::phones;
using No = StoreOrderRejection;

const ParcelPacked was_packed{17};
const StoreOrderStopped was_stopped{17};

const ReceiveOrder receive{tests::phones::received()};
const PackParcel pack{};
const ShipParcel ship{17};
const StopStoreOrder stop{17};

auto nothing() { return given<StoreOrder>(); }
auto waiting() { return given<StoreOrder>(tests::phones::received()); }
auto packed() { return given<StoreOrder>(tests::phones::received(), was_packed); }
auto shipped() { return given<StoreOrder>(tests::phones::received(), was_packed, parcel()); }
auto stopped() { return given<StoreOrder>(tests::phones::received(), was_packed, was_stopped); }
auto stopped_before() { return given<StoreOrder>(was_stopped); }

TEST(StoreOrder, is_received_once_with_all_that_was_ordered_PHN_F3_PHN_X7) {
    nothing().when(receive).then(tests::phones::received());
    for (auto known : {waiting(), packed(), shipped()}) known.when(receive).then_nothing();
    auto other = tests::phones::received();
    other.address = sealed("busan");
    for (auto known : {waiting(), packed(), shipped()})
        known.when(ReceiveOrder{other}).then_rejected(No::store_order_exists);
    for (auto gone : {stopped(), stopped_before()})
        gone.when(receive).then_rejected(No::store_order_stopped);
}
TEST(StoreOrder, is_packed_by_its_timer_PHN_F4) {
    waiting().when(pack).then(was_packed);
    for (auto late : {packed(), shipped(), stopped(), stopped_before()})
        late.when(pack).then_nothing();
    nothing().when(pack).then_rejected(No::store_order_not_found);

    const auto outputs = StoreOrder::after(Received{tests::phones::received()},
                                           StoreOrderEvent{tests::phones::received()});
    ASSERT_EQ(outputs.timers.size(), 1u);
    EXPECT_EQ(outputs.timers[0].first, noon + delay_ms);
    EXPECT_EQ(outputs.timers[0].second, StoreOrderCommand{pack});
    for (const StoreOrderEvent& quiet :
         std::initializer_list<StoreOrderEvent>{was_packed, parcel(), was_stopped})
        EXPECT_TRUE(StoreOrder::after(Packed{tests::phones::received()}, quiet).timers.empty());
}
TEST(StoreOrder, ships_what_is_packed_and_not_stopped_PHN_F4) {
    packed().when(ship).then(parcel());
    shipped().when(ship).then_nothing();
    nothing().when(ship).then_rejected(No::store_order_not_found);
    waiting().when(ship).then_rejected(No::store_order_not_packed);
    stopped().when(ship).then_rejected(No::store_order_stopped);
    stopped_before().when(ship).then_rejected(No::store_order_stopped);
}
TEST(StoreOrder, is_stopped_before_it_ships_PHN_X5) {
    for (auto open : {nothing(), waiting(), packed()}) open.when(stop).then(was_stopped);
    stopped().when(stop).then_nothing();
    stopped_before().when(stop).then_nothing();
    shipped().when(stop).then_rejected(No::store_order_shipped);
}

}  // namespace
}  // namespace yeyak::phoneshop
