// What a product, a reservation and a bill of the market decide.
#include "aggregates/market/bill.h"
#include "aggregates/market/product.h"
#include "aggregates/market/reservation.h"
#include "tests/aggregates/market_samples.h"
#include "tests/kept.h"
#include "tests/scenario.h"

namespace yeyak::market {
namespace {

using namespace tests;

// --- product ----------------------------------------------------------------------------------

auto available() { return given<Product>(coffee()); }
auto pending() { return given<Product>(coffee(), ProductReserved{3, 17}); }
auto sold_out() { return given<Product>(coffee(), ProductReserved{3, 17}, ProductSold{3, 17}); }
auto released() { return given<Product>(coffee(), ProductReserved{3, 17}, ProductReleased{3, 17}); }

TEST(MarketProduct, is_registered_once_PRD_F1) {
    given<Product>().when(RegisterProduct{coffee()}).then(coffee());
    available().when(RegisterProduct{coffee()}).then_nothing();
    auto other = coffee();
    other.price = Won{1};
    for (auto known : {available(), pending(), sold_out()})
        known.when(RegisterProduct{other}).then_rejected(ProductRejection::product_exists);
}
TEST(MarketProduct, knows_only_what_was_registered) {
    const auto missing = ProductRejection::product_not_found;
    given<Product>().when(EditProduct{3, "Tea", {}}).then_rejected(missing);
    given<Product>().when(ReserveProduct{3, 17}).then_rejected(missing);
    given<Product>().when(ReleaseProduct{3, 17}).then_rejected(missing);
    given<Product>().when(SellProduct{3, 17}).then_rejected(missing);
}
TEST(MarketProduct, is_reserved_by_one_only_PRD_N1_PRD_X1_PRD_A10) {
    available().when(ReserveProduct{3, 17}).then(ProductReserved{3, 17});
    released().when(ReserveProduct{3, 18}).then(ProductReserved{3, 18});
    pending().when(ReserveProduct{3, 17}).then_nothing();
    const auto taken = ProductRejection::product_not_available;
    pending().when(ReserveProduct{3, 18}).then_rejected(taken);
    sold_out().when(ReserveProduct{3, 18}).then_rejected(taken);
    sold_out().when(ReserveProduct{3, 17}).then_rejected(taken);
}
TEST(MarketProduct, is_released_by_the_reservation_that_holds_it_PRD_F8_PRD_X3) {
    pending().when(ReleaseProduct{3, 17}).then(ProductReleased{3, 17});
    sold_out().when(ReleaseProduct{3, 17}).then(ProductReleased{3, 17});
    pending().when(ReleaseProduct{3, 18}).then_nothing();
    sold_out().when(ReleaseProduct{3, 18}).then_nothing();
    released().when(ReleaseProduct{3, 17}).then_nothing();
}
TEST(MarketProduct, is_sold_to_the_reservation_that_holds_it_PRD_F6_PRD_X3) {
    pending().when(SellProduct{3, 17}).then(ProductSold{3, 17});
    sold_out().when(SellProduct{3, 17}).then_nothing();
    const auto not_held = ProductRejection::product_not_reserved;
    pending().when(SellProduct{3, 18}).then_rejected(not_held);
    sold_out().when(SellProduct{3, 18}).then_rejected(not_held);
    released().when(SellProduct{3, 17}).then_rejected(not_held);
}
TEST(MarketProduct, is_edited_without_touching_its_status_PRD_X8) {
    available().when(EditProduct{3, "Tea", {}}).then(ProductEdited{3, "Tea", coffee_price});
    pending().when(EditProduct{3, {}, Won{5}}).then(ProductEdited{3, "Coffee", Won{5}});
    sold_out().when(EditProduct{3, "Tea", Won{5}}).then(ProductEdited{3, "Tea", Won{5}});
    available().when(EditProduct{3, "Coffee", coffee_price}).then_nothing();
    available().when(EditProduct{3, {}, {}}).then_nothing();
    given<Product>(coffee(), ProductReserved{3, 17}, ProductEdited{3, "Tea", Won{5}})
        .when(ReserveProduct{3, 18})
        .then_rejected(ProductRejection::product_not_available);
}

// --- reservation ------------------------------------------------------------------------------

TEST(MarketReservation, is_made_and_cancelled_once_PRD_F2_PRD_F7_PRD_X5) {
    const CancelReservation by_user{17, CancelReason::user_request};
    const ReservationCancelled cancelled = coffee_cancelled();
    given<Reservation>().when(Reserve{coffee_reserved()}).then(coffee_reserved());
    given<Reservation>(coffee_reserved()).when(by_user).then(cancelled);
    given<Reservation>(coffee_reserved())
        .when(CancelReservation{17, CancelReason::expired})
        .then(coffee_cancelled(CancelReason::expired));
    given<Reservation>(coffee_reserved(), cancelled)
        .when(by_user)
        .then_rejected(ReservationRejection::reservation_cancelled);
}
TEST(MarketReservation, an_unknown_one_cannot_be_cancelled_PRD_X3) {
    given<Reservation>()
        .when(CancelReservation{17, CancelReason::user_request})
        .then_rejected(ReservationRejection::reservation_not_found);
}
TEST(MarketReservation, is_never_overwritten) {
    auto other = coffee_reserved();
    other.product_id = 4;
    const auto exists = ReservationRejection::reservation_exists;
    given<Reservation>(coffee_reserved()).when(Reserve{coffee_reserved()}).then_nothing();
    given<Reservation>(coffee_reserved()).when(Reserve{other}).then_rejected(exists);
    given<Reservation>(coffee_reserved(), coffee_cancelled(CancelReason::expired))
        .when(Reserve{coffee_reserved()})
        .then_rejected(exists);
}

// --- bill -------------------------------------------------------------------------------------

const PayBill pay{17, sealed("1234-1234-****-1234"), card_token("tok-1"), opening};

auto open() { return given<Bill>(coffee_bill()); }
auto paying() { return given<Bill>(coffee_bill(), coffee_attempt()); }
auto paid() { return given<Bill>(coffee_bill(), coffee_attempt(), coffee_paid()); }
auto reopened() { return given<Bill>(coffee_bill(), coffee_attempt(), BillReopened{17, 1}); }
auto closed() { return given<Bill>(coffee_bill(), BillCancelled{17}); }

TEST(MarketBill, is_issued_once_PRD_F4_PRD_X6) {
    given<Bill>().when(IssueBill{coffee_bill()}).then(coffee_bill());
    auto other = coffee_bill();
    other.price = Won{1};
    for (auto known : {open(), paying(), paid(), reopened()}) {
        known.when(IssueBill{coffee_bill()}).then_nothing();
        known.when(IssueBill{other}).then_rejected(BillRejection::payment_exists);
    }
    closed().when(IssueBill{coffee_bill()}).then_rejected(BillRejection::reservation_cancelled);
}
TEST(MarketBill, is_paid_once_PRD_F5_PRD_X5) {
    open().when(pay).then(coffee_attempt(1));
    reopened().when(pay).then(coffee_attempt(2));
    paying().when(pay).then_nothing();
    paid().when(pay).then_nothing();
    closed().when(pay).then_rejected(BillRejection::reservation_cancelled);
    given<Bill>(coffee_bill(), coffee_attempt(), coffee_paid(), BillRefunded{17, coffee_price})
        .when(pay)
        .then_rejected(BillRejection::reservation_cancelled);
    given<Bill>().when(pay).then_rejected(BillRejection::payment_not_found);
}
TEST(MarketBill, is_not_paid_when_its_time_is_over_SH_4) {
    auto late = pay;
    late.now = {closing.ms - 1};
    open().when(late).then(coffee_attempt(1));
    late.now = closing;
    open().when(late).then_rejected(BillRejection::reservation_expired);
    paid().when(late).then_nothing();
}
TEST(MarketBill, is_settled_or_reopened_by_the_attempt_that_is_awaited) {
    paying().when(SettleBill{17, 1}).then(coffee_paid());
    paid().when(SettleBill{17, 1}).then_nothing();
    paying().when(SettleBill{17, 2}).then_rejected(BillRejection::payment_not_requested);
    paid().when(SettleBill{17, 2}).then_rejected(BillRejection::payment_not_requested);
    open().when(SettleBill{17, 1}).then_rejected(BillRejection::payment_not_requested);
    closed().when(SettleBill{17, 1}).then_rejected(BillRejection::reservation_cancelled);
    given<Bill>().when(SettleBill{17, 1}).then_rejected(BillRejection::payment_not_found);

    paying().when(ReopenBill{17, 1}).then(BillReopened{17, 1});
    paying().when(ReopenBill{17, 2}).then_nothing();
    reopened().when(ReopenBill{17, 1}).then_nothing();
    paid().when(ReopenBill{17, 1}).then_nothing();
    closed().when(ReopenBill{17, 1}).then_nothing();
    given<Bill>().when(ReopenBill{17, 1}).then_rejected(BillRejection::payment_not_found);
}
TEST(MarketBill, is_cancelled_when_unpaid_and_refunded_when_paid_PRD_X4) {
    open().when(CloseBill{17, Won{0}}).then(BillCancelled{17});
    reopened().when(CloseBill{17, Won{0}}).then(BillCancelled{17});
    paying().when(CloseBill{17, Won{0}}).then(BillCancelled{17});
    paying().when(CloseBill{17, coffee_price}).then(BillRefunded{17, coffee_price});
    paid().when(CloseBill{17, coffee_price}).then(BillRefunded{17, coffee_price});
    paid().when(CloseBill{17, Won{0}}).then(BillRefunded{17, Won{0}});  // of a gift
    closed().when(CloseBill{17, Won{0}}).then_nothing();
    given<Bill>().when(CloseBill{17, Won{0}}).then_rejected(BillRejection::payment_not_found);
}
TEST(MarketBill, names_its_attempts_for_the_payment_context) {
    EXPECT_EQ(name_of({17, 1}), "market-17");
    EXPECT_EQ(name_of({17, 2}), "market-17-2");
    for (const auto* name : {"market-17", "market-17-2", "market-1-10"}) {
        const auto order = order_named(name);
        ASSERT_TRUE(order.has_value()) << name;
        EXPECT_EQ(name_of(*order), name);
    }
    for (const auto* name :
         {"prereservation-17", "market-", "market-x", "market-0", "market--1", "market-17-",
          "market-17-1", "market-17-x", "market-17-2-3", "market-017", "market-17 ", ""})
        EXPECT_FALSE(order_named(name).has_value()) << name;
}

}  // namespace
}  // namespace yeyak::market
