// The market through the engine: which events, in which order, in how many commits; and with
// contexts that are stopped (domain table 6.2).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/aggregates/market_world.h"

namespace yeyak::tests {
namespace {

using testing::ElementsAre;

void fates(World& world, std::vector<Fate> list) {
    world.fate = [list, next = std::size_t{0}](const auto&) mutable {
        return next < list.size() ? list[next++] : Fate::ok;
    };
}

// Product 1 is reserved by reservation 1.
struct Reserved1 : MarketWorld {
    Reserved1() {
        EXPECT_EQ(sell(), "ok");
        EXPECT_EQ(reserve(1), "ok");
        EXPECT_EQ(product(1), "02");
    }
};
struct Paid1 : Reserved1 {
    Paid1() {
        EXPECT_EQ(pay(1), "ok");
        rest();
        EXPECT_EQ(product(1), "soldOut");
        EXPECT_EQ(kept(1), coffee_price.amount);
    }
};

TEST(MarketShop, a_reservation_is_one_commit_with_the_hold_on_the_product_PRD_F2_PRD_F4) {
    Reserved1 world;
    EXPECT_THAT(world.news(), ElementsAre("product_registered", "product_reserved", "reserved",
                                          "purchase_stepped", "bill_issued"));
    EXPECT_EQ(world.bill(1), "01");
    EXPECT_THAT(world.log()[2]->data.tags, ElementsAre("product:1", "user:1"));
    EXPECT_THAT(world.log()[0]->data.tags, ElementsAre("seller:9"));
}
TEST(MarketShop, the_one_who_comes_second_is_refused_and_takes_no_number_PRD_N1_PRD_A10) {
    MarketWorld world;
    world.sell();
    world.sell();
    const auto first = world.submit_reserve(1);
    const auto second = world.submit_reserve(1);
    const auto unknown = world.submit_reserve(3);
    const auto other = world.submit_reserve(2);
    world.run_batch();
    EXPECT_EQ(first->reply.code(), "ok");
    EXPECT_EQ(second->reply.code(), "product_not_available");
    EXPECT_EQ(unknown->reply.code(), "product_not_found");
    EXPECT_EQ(other->reply.stream, "market.reservation-2");
    EXPECT_EQ(world.news().size(), 2u + 4u + 4u);
    world.settle();
    EXPECT_EQ(world.disagreement(), "");
}
TEST(MarketShop, a_payment_sells_the_product_PRD_F5_PRD_F6) {
    Reserved1 world;
    world.news();
    EXPECT_EQ(world.pay(1), "ok");
    EXPECT_THAT(world.news(),
                ElementsAre("bill_payment_requested", "purchase_stepped", "payment_requested"));
    world.rest();
    EXPECT_THAT(world.news(),
                ElementsAre("payment_completed", "purchase_stepped", "bill_paid", "product_sold"));
    EXPECT_EQ(world.pay(1), "ok");  // again: the same answer, nothing new (PRD-X5)
    EXPECT_THAT(world.news(), ElementsAre());
    world.settle();
    EXPECT_EQ(world.disagreement(), "");
    EXPECT_EQ(world.product(1), "soldOut");  // the time to pay means nothing any more
}
TEST(MarketShop, a_payment_answers_where_its_outcome_will_stand) {
    Reserved1 world;
    fates(world, {Fate::refused});
    const auto first = world.submit_pay(1);
    const auto repeated = world.submit_pay(1);
    world.run_batch();
    EXPECT_EQ(first->reply.stream, "payment.payment-market-1");
    EXPECT_EQ(repeated->reply.stream, "payment.payment-market-1");
    world.rest();
    EXPECT_EQ(world.bill(1), "01");
    const auto again = world.submit_pay(1);
    world.run_batch();
    EXPECT_EQ(again->reply.stream, "payment.payment-market-1-2");
    world.rest();
    EXPECT_EQ(world.bill(1), "02");
    EXPECT_EQ(world.kept(1), coffee_price.amount);
    EXPECT_EQ(world.pay(1), "ok");
    world.settle();
    EXPECT_EQ(world.disagreement(), "");
}
TEST(MarketShop, what_is_free_is_paid_and_refunded_like_everything_else) {
    MarketWorld world;
    world.sell(0);
    world.reserve(1);
    world.pay(1);
    world.rest();
    EXPECT_EQ(world.product(1), "soldOut");
    world.cancel(1);
    world.settle();
    EXPECT_EQ(world.stream("market.bill-1").back()->data.type, market::BillRefunded::type);
    EXPECT_EQ(world.disagreement(), "");
}
TEST(MarketShop, a_cancel_frees_the_product_in_the_same_commit_PRD_F7_PRD_F8) {
    Reserved1 world;
    world.news();
    EXPECT_EQ(world.cancel(1), "ok");
    EXPECT_THAT(world.news(), ElementsAre("reservation_cancelled", "purchase_stepped",
                                          "product_released", "bill_cancelled"));
    EXPECT_EQ(world.reserve(1), "ok");
    EXPECT_EQ(world.cancel(1), "reservation_cancelled");
    EXPECT_EQ(world.cancel(9), "reservation_not_found");
    EXPECT_EQ(world.pay(1), "reservation_cancelled");
    EXPECT_EQ(world.pay(9), "payment_not_found");
    EXPECT_EQ(world.product(1), "02");  // of reservation 2 (PRD-X3)
    world.settle();
    EXPECT_EQ(world.disagreement(), "");
}
TEST(MarketShop, a_cancel_after_the_payment_gives_the_money_back_PRD_X4) {
    Paid1 world;
    EXPECT_EQ(world.cancel(1), "ok");
    EXPECT_EQ(world.product(1), "01");
    EXPECT_EQ(world.reserve(1), "ok");
    world.rest();
    EXPECT_EQ(world.bill(1), "closed");
    EXPECT_EQ(world.kept(1), 0);
    EXPECT_EQ(world.product(1), "02");
    world.settle();
    EXPECT_EQ(world.disagreement(), "");
}
TEST(MarketShop, what_is_not_paid_expires_also_over_a_restart_SH_4) {
    for (const bool restarted : {false, true}) {
        Reserved1 world;
        if (restarted) world.restart();
        world.now = {closing.ms - 1};
        world.settle(world.now);
        EXPECT_EQ(world.product(1), "02");
        world.now = closing;
        EXPECT_EQ(world.pay(1), "reservation_expired");
        world.settle();
        EXPECT_EQ(world.product(1), "01");
        EXPECT_EQ(world.reservation(1), "02");
        EXPECT_THAT(world.stream("market.reservation-1").back()->data.payload,
                    testing::HasSubstr("expired"));
        EXPECT_EQ(world.disagreement(), "");
    }
}
TEST(MarketShop, an_outcome_that_is_unknown_at_the_expiry_is_awaited) {
    for (const auto charge : {Fate::lost, Fate::nothing}) {
        Reserved1 world;
        fates(world, {charge, Fate::failed, Fate::failed});
        world.now = {closing.ms - 1};
        EXPECT_EQ(world.pay(1), "ok");
        world.settle();
        EXPECT_EQ(world.product(1), charge == Fate::lost ? "soldOut" : "01");
        EXPECT_EQ(world.disagreement(), "");
    }
}
TEST(MarketShop, a_payment_in_the_moment_of_the_expiry_is_not_taken) {
    Reserved1 world;
    const auto early = world.now;
    world.now = closing;
    ASSERT_TRUE(world.submit_timer());
    world.run_batch();
    world.down("market.reservation");
    world.now = early;  // asked before, decided after
    EXPECT_EQ(world.reservation(1), "02");
    EXPECT_EQ(world.pay(1), "reservation_cancelled");
    world.settle();
    EXPECT_EQ(world.disagreement(), "");
}
TEST(MarketShop, a_payment_while_the_expiry_waits_for_reservations_is_not_taken) {
    Reserved1 world;
    world.down("market.reservation");
    const auto early = world.now;
    world.now = closing;
    ASSERT_TRUE(world.submit_timer());
    world.run_batch();
    EXPECT_EQ(world.purchase(1), "cancelling");
    world.now = early;
    EXPECT_EQ(world.pay(1), "ok");  // its outcome: cancelled
    EXPECT_EQ(world.stream("payment.payment-market-1").back()->data.type,
              payment::PaymentCancelled::type);
    world.up("market.reservation");
    world.settle();
    EXPECT_EQ(world.kept(1), 0);
    EXPECT_EQ(world.disagreement(), "");
}

// --- contexts that are stopped ----------------------------------------------------------------

TEST(MarketOutage, without_products_nothing_is_reserved_or_cancelled_PRD_A11) {
    Reserved1 world;
    const auto before = world.log().size();
    world.down("product");
    EXPECT_EQ(world.sell(), "context_down");
    EXPECT_EQ(world.reserve(1), "context_down");
    EXPECT_EQ(world.cancel(1), "context_down");
    EXPECT_EQ(world.log().size(), before);
    world.up("product");
    world.sell();
    EXPECT_EQ(world.reserve(2), "ok");
    EXPECT_EQ(world.reservation(2), "01");  // no number was lost
}
TEST(MarketOutage, without_products_a_payment_is_taken_and_sells_afterwards_PRD_X7) {
    for (const bool restarted : {false, true}) {
        Reserved1 world;
        world.down("product");
        EXPECT_EQ(world.pay(1), "ok");
        world.rest();
        EXPECT_EQ(world.bill(1), "02");
        EXPECT_EQ(world.product(1), "02");
        if (restarted) world.restart();
        world.up("product");
        world.rest();
        EXPECT_EQ(world.product(1), "soldOut");
        world.settle();
        EXPECT_EQ(world.disagreement(), "");
    }
}
TEST(MarketOutage, a_sale_that_was_cancelled_before_it_was_heard_sells_nothing) {
    Reserved1 world;
    world.down("product");
    world.pay(1);
    world.rest();
    world.submit_context("product", ContextState::up);
    world.submit_cancel(1);  // before what waits for the products is delivered
    world.submit_reserve(1);
    world.run_batch();
    world.rest();
    EXPECT_EQ(world.product(1), "02");
    EXPECT_EQ(world.reservation(2), "01");
    EXPECT_EQ(world.kept(1), 0);
    world.settle();
    EXPECT_EQ(world.disagreement(), "");
}
TEST(MarketOutage, without_reservations_a_payment_sells_PRD_A12_PRD_N2) {
    Reserved1 world;
    world.down("market.reservation");
    EXPECT_EQ(world.reserve(1), "context_down");
    EXPECT_EQ(world.cancel(1), "context_down");
    EXPECT_EQ(world.sell(), "ok");
    EXPECT_EQ(world.pay(1), "ok");
    world.rest();
    EXPECT_EQ(world.product(1), "soldOut");
    world.up("market.reservation");
    world.settle();
    EXPECT_EQ(world.disagreement(), "");
}
TEST(MarketOutage, a_reservation_that_expires_while_reservations_are_down_is_cancelled_then) {
    for (const bool restarted : {false, true}) {
        Reserved1 world;
        world.down("market.reservation");
        world.settle();
        EXPECT_EQ(world.product(1), "02");  // held until the reservation has gone
        if (restarted) world.restart();
        world.up("market.reservation");
        world.settle();
        EXPECT_EQ(world.product(1), "01");
        EXPECT_EQ(world.disagreement(), "");
    }
}
TEST(MarketOutage, without_payments_products_are_reserved_and_cancelled) {
    for (const bool restarted : {false, true}) {
        MarketWorld world;
        world.sell();
        world.sell();
        world.down("market.payment");
        EXPECT_EQ(world.reserve(1), "ok");
        EXPECT_EQ(world.reserve(2), "ok");
        EXPECT_EQ(world.cancel(2), "ok");
        EXPECT_EQ(world.product(2), "01");
        EXPECT_EQ(world.pay(1), "context_down");
        EXPECT_EQ(world.bill(1), "none");
        if (restarted) world.restart();
        world.up("market.payment");
        world.rest();
        EXPECT_EQ(world.bill(1), "01");
        EXPECT_EQ(world.bill(2), "closed");
        EXPECT_EQ(world.pay(1), "ok");
        world.settle();
        EXPECT_EQ(world.product(1), "soldOut");
        EXPECT_EQ(world.disagreement(), "");
    }
}
TEST(MarketOutage, a_refund_that_waits_for_payments_is_paid_afterwards) {
    Paid1 world;
    world.down("market.payment");
    EXPECT_EQ(world.cancel(1), "ok");
    EXPECT_EQ(world.product(1), "01");
    world.settle();
    EXPECT_EQ(world.kept(1), coffee_price.amount);
    world.restart();
    world.up("market.payment");
    world.settle();
    EXPECT_EQ(world.kept(1), 0);
    EXPECT_EQ(world.disagreement(), "");
}
TEST(MarketOutage, a_payment_that_overtakes_a_cancel_in_the_inbox_is_not_taken) {
    Reserved1 world;
    world.down("market.payment");
    EXPECT_EQ(world.cancel(1), "ok");
    world.submit_context("market.payment", ContextState::up);
    const auto paid = world.submit_pay(1);
    world.run_batch();
    EXPECT_EQ(paid->reply.code(), "ok");  // its outcome: cancelled
    world.settle();
    EXPECT_EQ(world.stream(paid->reply.stream).back()->data.type, payment::PaymentCancelled::type);
    EXPECT_EQ(world.kept(1), 0);
    EXPECT_EQ(world.disagreement(), "");
}

}  // namespace
}  // namespace yeyak::tests
