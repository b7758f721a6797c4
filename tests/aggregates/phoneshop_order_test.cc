// Every pair of state and command of an order.
#include "aggregates/phoneshop/order.h"

#include "tests/aggregates/phoneshop_samples.h"
#include "tests/scenario.h"

namespace yeyak::phoneshop {
namespace {

using namespace tests;
using namespace tests::phones;
using No = OrderRejection;

const OrderPaid was_paid{17, noon};
const OrderShipped was_shipped{17};
const OrderCancelled was_cancelled{17};
const OrderPayCancelled was_refunded{17};
const OrderRejected was_rejected{17, RejectReason::payment_declined};

const PlaceOrder place{placed()};
const ConfirmPayment confirm{17, noon};
const ShipOrder ship{17};
const CancelOrder cancel{17};
const ConfirmPayCancelled confirm_refund{17};
const RejectOrder reject{17, RejectReason::payment_declined};

auto nothing() { return given<Order>(); }
auto open() { return given<Order>(placed()); }
auto paid() { return given<Order>(placed(), was_paid); }
auto shipped() { return given<Order>(placed(), was_paid, was_shipped); }
auto cancelled() { return given<Order>(placed(), was_paid, was_cancelled); }
auto refunded() { return given<Order>(placed(), was_paid, was_cancelled, was_refunded); }
auto rejected() { return given<Order>(placed(), was_rejected); }

PlaceOrder place_other() {
    auto other = placed();
    other.qty = 3;
    return {other};
}

TEST(PhoneOrder, is_placed_once_PHN_F1) {
    nothing().when(place).then(placed());
    open().when(place).then_nothing();
    open().when(place_other()).then_rejected(No::order_exists);
    for (auto known : {paid(), shipped(), cancelled(), refunded(), rejected()})
        known.when(place).then_rejected(No::order_exists);
}
TEST(PhoneOrder, is_paid_once_PHN_F2) {
    open().when(confirm).then(was_paid);
    paid().when(confirm).then_nothing();
    shipped().when(confirm).then_nothing();
    nothing().when(confirm).then_rejected(No::order_not_found);
    cancelled().when(confirm).then_rejected(No::order_cancelled);
    refunded().when(confirm).then_rejected(No::order_cancelled);
    rejected().when(confirm).then_rejected(No::order_rejected);
}
TEST(PhoneOrder, ships_only_when_it_is_paid_and_not_cancelled_PHN_F5_PHN_X2) {
    paid().when(ship).then(was_shipped);
    shipped().when(ship).then_nothing();
    nothing().when(ship).then_rejected(No::order_not_found);
    open().when(ship).then_rejected(No::order_not_paid);
    cancelled().when(ship).then_rejected(No::order_cancelled);
    refunded().when(ship).then_rejected(No::order_cancelled);
    rejected().when(ship).then_rejected(No::order_rejected);
}
TEST(PhoneOrder, is_cancelled_until_it_ships_PHN_F6_PHN_X5) {
    open().when(cancel).then(was_cancelled);
    paid().when(cancel).then(was_cancelled);
    shipped().when(cancel).then_rejected(No::order_shipped);
    nothing().when(cancel).then_rejected(No::order_not_found);
    cancelled().when(cancel).then_rejected(No::order_cancelled);
    refunded().when(cancel).then_rejected(No::order_cancelled);
    rejected().when(cancel).then_rejected(No::order_rejected);
}
TEST(PhoneOrder, knows_when_its_payment_is_cancelled_PHN_N2_PHN_X1) {
    cancelled().when(confirm_refund).then(was_refunded);
    refunded().when(confirm_refund).then_nothing();
    rejected().when(confirm_refund).then_nothing();
    nothing().when(confirm_refund).then_rejected(No::order_not_found);
    for (auto live : {open(), paid(), shipped()})
        live.when(confirm_refund).then_rejected(No::order_not_cancelled);
}
TEST(PhoneOrder, is_rejected_when_it_is_not_paid_PHN_N1_PHN_X3) {
    open().when(reject).then(was_rejected);
    rejected().when(reject).then_nothing();
    nothing().when(reject).then_rejected(No::order_not_found);
    paid().when(reject).then_rejected(No::order_paid);
    shipped().when(reject).then_rejected(No::order_paid);
    cancelled().when(reject).then_rejected(No::order_cancelled);
    refunded().when(reject).then_rejected(No::order_cancelled);
}
TEST(PhoneOrder, has_a_payment_that_is_named_after_it) {
    EXPECT_EQ(payment_of(17), "phoneshop-17");
    EXPECT_EQ(order_of_payment("phoneshop-17"), 17);
    for (const auto* other :
         {"prereservation-17", "phoneshop-", "phoneshop-x", "phoneshop-17x", ""})
        EXPECT_EQ(order_of_payment(other), std::nullopt) << other;
}

}  // namespace
}  // namespace yeyak::phoneshop
