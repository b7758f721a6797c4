// Every row of the table in purchase.h, and everything that is not in it.
#include <algorithm>

#include "aggregates/market/purchase.h"
#include "tests/aggregates/market_samples.h"
#include "tests/scenario.h"

namespace yeyak::market {
namespace {

using namespace tests;
using namespace payment;

const ReservationCancelled cancelled = coffee_cancelled();
const PaymentCompleted approved{"market-17", "A-1", coffee_price, opening};
const PaymentDeclined declined{"market-17", "limit"};
const PaymentFailed failed{"market-17", "closed"};
const PaymentCancelled refunded{"market-17", coffee_price};
const Expired expired{17};
const Refused refused{"payment.request_payment", Ended::context_down};
const Refused other_refused{"market.cancel_reservation", Ended::refused, "reservation_cancelled"};

Send to_bill(BillCommand command) { return send<BillContract>("17", std::move(command)); }
Send to_product(ProductCommand command) { return send<ProductContract>("3", std::move(command)); }
Send cancel(CancelReason reason) {
    return send<ReservationContract>("17", CancelReservation{17, reason});
}
Send request_payment(std::int64_t attempt) {
    const auto payment = coffee_payment(attempt);
    return send<payment::Contract>(payment.order, RequestPayment{payment});
}
Send cancel_payment(std::int64_t attempt) {
    const auto order = name_of({17, attempt});
    return send<payment::Contract>(order, CancelPayment{order, "reservation_cancelled"});
}
const Send issue = to_bill(IssueBill{coffee_bill()});
const Send release = to_product(ReleaseProduct{3, 17});
const Send settle = to_bill(SettleBill{17, 1});
const Send sell = to_product(SellProduct{3, 17});
const Send close_unpaid = to_bill(CloseBill{17, Won{0}});
const Send close_refunded = to_bill(CloseBill{17, coffee_price});
const Send reopen = to_bill(ReopenBill{17, 1});

const Unpaid unpaid_state{coffee_bill()};
const Paying paying_state{coffee_bill(), coffee_attempt(), false};
const Paying late_state{coffee_bill(), coffee_attempt(), true};
const Completed completed_state{17, 3, 1};
const Cancelling cancelling_state{17, CancelReason::expired};
const Refunding refunding_state{17, 1};
const Compensated compensated_state{17};

auto unpaid() { return given<Purchase>(coffee_reserved()); }
auto paying() { return given<Purchase>(coffee_reserved(), coffee_attempt()); }
auto late() { return given<Purchase>(coffee_reserved(), coffee_attempt(), expired); }
auto completed() { return given<Purchase>(coffee_reserved(), coffee_attempt(), approved); }
auto cancelling() { return given<Purchase>(coffee_reserved(), expired); }
auto refunding() { return given<Purchase>(coffee_reserved(), coffee_attempt(), cancelled); }
auto compensated() { return given<Purchase>(coffee_reserved(), cancelled); }

TEST(MarketPurchase, begins_with_the_bill_and_the_time_to_pay_it_PRD_F4_SH_4) {
    given<Purchase>().when(coffee_reserved()).then(unpaid_state, {issue});
    const auto step = Purchase::react(NotBegun{}, coffee_reserved(), opening);
    ASSERT_EQ(step.timers.size(), 1u);
    EXPECT_EQ(step.timers[0].due, closing);
    EXPECT_EQ(text_of(step.timers[0].say), "market.expired {\"id\":17}");
}
TEST(MarketPurchase, asks_for_the_money_when_the_buyer_pays_PRD_F5) {
    unpaid().when(coffee_attempt()).then(paying_state, {request_payment(1)});
}
TEST(MarketPurchase, sells_the_product_when_the_money_is_there_PRD_F6_PRD_X7) {
    paying().when(approved).then(completed_state, {settle, sell});
    late().when(approved).then(completed_state, {settle, sell});
}
TEST(MarketPurchase, lets_the_buyer_try_again_when_nothing_was_captured) {
    paying().when(declined).then(unpaid_state, {reopen});
    paying().when(failed).then(unpaid_state, {reopen});
    paying().when(refused).then(unpaid_state, {reopen});
    given<Purchase>(coffee_reserved(), coffee_attempt(), declined)
        .when(coffee_attempt(2))
        .then(Paying{coffee_bill(), coffee_attempt(2), false}, {request_payment(2)});
}
TEST(MarketPurchase, hears_only_the_outcome_of_the_attempt_it_awaits) {
    const auto second = [] {
        return given<Purchase>(coffee_reserved(), coffee_attempt(), declined, coffee_attempt(2));
    };
    second().when(approved).then_nothing();
    second().when(declined).then_nothing();
    second().when(failed).then_nothing();
    second()
        .when(PaymentCompleted{"market-17-2", "A", coffee_price, opening})
        .then(Completed{17, 3, 2}, {to_bill(SettleBill{17, 2}), sell});
    refunding().when(PaymentCancelled{"market-17-2", Won{0}}).then_nothing();
}
TEST(MarketPurchase, cancels_what_is_not_paid_in_time_SH_4) {
    unpaid().when(expired).then(cancelling_state, {cancel(CancelReason::expired)});
    cancelling().when(cancelled).then(compensated_state, {release, close_unpaid});
}
TEST(MarketPurchase, awaits_the_money_that_is_on_its_way_when_the_time_is_over) {
    paying().when(expired).then(late_state, {});
    for (const Purchase::Input& outcome :
         {Purchase::Input{declined}, Purchase::Input{failed}, Purchase::Input{refused}})
        late().when(outcome).then(cancelling_state, {reopen, cancel(CancelReason::expired)});
}
TEST(MarketPurchase, undoes_what_was_not_paid_when_the_buyer_cancels_PRD_F8_PRD_X4) {
    unpaid().when(cancelled).then(compensated_state, {release, close_unpaid});
}
TEST(MarketPurchase, gives_the_money_back_when_the_buyer_cancels_PRD_X4) {
    paying().when(cancelled).then(refunding_state, {release, cancel_payment(1)});
    late().when(cancelled).then(refunding_state, {release, cancel_payment(1)});
    completed().when(cancelled).then(refunding_state, {release, cancel_payment(1)});
    refunding().when(refunded).then(compensated_state, {close_refunded});
    refunding().when(PaymentCancelled{"market-17", Won{0}}).then(compensated_state, {close_unpaid});
}
TEST(MarketPurchase, charges_nobody_whose_reservation_is_going_or_gone) {
    cancelling().when(coffee_attempt()).then(cancelling_state, {cancel_payment(1)});
    compensated().when(coffee_attempt()).then(compensated_state, {cancel_payment(1)});
}

TEST(MarketPurchase, what_is_late_or_repeated_changes_nothing) {
    const std::vector<Purchase::Input> all{
        coffee_reserved(), cancelled, coffee_attempt(), approved,     declined, failed,
        refunded,          expired,   refused,          other_refused};
    const auto is = [](std::size_t index, std::initializer_list<std::size_t> indexes) {
        return std::ranges::find(indexes, index) != indexes.end();
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        SCOPED_TRACE(i);
        const auto& input = all[i];
        if (!is(i, {0})) given<Purchase>().when(input).then_nothing();
        if (is(i, {0, 3, 4, 5, 6, 8, 9})) unpaid().when(input).then_nothing();
        if (is(i, {0, 2, 6, 9})) paying().when(input).then_nothing();
        if (is(i, {0, 2, 6, 9})) late().when(input).then_nothing();
        if (!is(i, {1})) completed().when(input).then_nothing();
        if (!is(i, {1, 2})) cancelling().when(input).then_nothing();
        if (!is(i, {6})) refunding().when(input).then_nothing();
        if (!is(i, {2})) compensated().when(input).then_nothing();
    }
}
TEST(MarketPurchase, ends_completed_or_compensated_and_nowhere_else) {
    for (const PurchaseState& state : std::vector<PurchaseState>{
             NotBegun{}, unpaid_state, paying_state, late_state, cancelling_state, refunding_state})
        EXPECT_FALSE(Purchase::ended(state)) << text_of(state);
    EXPECT_TRUE(Purchase::ended(completed_state));
    EXPECT_TRUE(Purchase::ended(compensated_state));
}
TEST(MarketPurchase, hears_only_the_payments_of_the_market) {
    EXPECT_EQ(Purchase::route(declined), "17");
    EXPECT_EQ(Purchase::route(PaymentDeclined{"market-17-3", "limit"}), "17");
    EXPECT_EQ(Purchase::route(PaymentDeclined{"prereservation-17", "limit"}), std::nullopt);
    EXPECT_EQ(Purchase::route(coffee_reserved()), "17");
    EXPECT_EQ(Purchase::route(cancelled), "17");
    EXPECT_EQ(Purchase::route(coffee_attempt()), "17");
}

std::vector<std::string> texts(const std::vector<Send>& sends) {
    std::vector<std::string> all;
    for (const auto& send : sends) all.push_back(text_of_send<Purchase::Sources>(send));
    return all;
}
void retries(const PurchaseState& state, const std::vector<Send>& sends) {
    EXPECT_EQ(texts(Purchase::retry(state)), texts(sends)) << text_of(state);
}
TEST(MarketPurchase, sends_again_what_it_waits_for) {
    retries(NotBegun{}, {});
    retries(unpaid_state, {issue});
    retries(paying_state, {request_payment(1)});
    retries(completed_state, {});
    retries(cancelling_state, {cancel(CancelReason::expired)});
    retries(refunding_state, {cancel_payment(1)});
    retries(compensated_state, {});
}
TEST(MarketPurchase, is_undone_by_an_operator_through_its_reservation) {
    const auto undo = [](const PurchaseState& state) { return Purchase::compensate(state, {}); };
    const auto sends = texts({cancel(CancelReason::operator_request)});
    EXPECT_EQ(texts(undo(unpaid_state).sends), sends);
    EXPECT_EQ(text_of(undo(unpaid_state).next),
              text_of(PurchaseState{Cancelling{17, CancelReason::operator_request}}));
    EXPECT_EQ(texts(undo(paying_state).sends), sends);
    EXPECT_EQ(text_of(undo(paying_state).next), text_of(PurchaseState{paying_state}));
    EXPECT_EQ(texts(undo(completed_state).sends), sends);
    for (const PurchaseState& state : std::vector<PurchaseState>{
             NotBegun{}, cancelling_state, refunding_state, compensated_state})
        EXPECT_TRUE(undo(state).nothing) << text_of(state);
}

}  // namespace
}  // namespace yeyak::market
