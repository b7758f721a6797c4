// The phone shop with contexts that are stopped (domain table 6.2), and races of cancel and store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/aggregates/phoneshop_world.h"

namespace yeyak::tests::phones {
namespace {

using testing::ElementsAre;

std::string paid_order(Shop& shop) {
    const auto reply = shop.order();
    EXPECT_TRUE(shop.call_provider());
    EXPECT_TRUE(shop.submit_answer());
    shop.run_batch();
    return reply.code();
}

TEST(PhoneOutage, without_faults_an_order_is_paid_packed_and_shipped_PHN_A1) {
    Shop shop;
    EXPECT_EQ(paid_order(shop), "ok");
    shop.settle();
    EXPECT_THAT(
        shop.types(),
        ElementsAre("order_placed", "sale_stepped", "payment_requested", "payment_completed",
                    "sale_stepped", "order_paid", "order_received", "parcel_packed", "sale_stepped",
                    "order_shipped", "sale_stepped", "parcel_shipped", "sale_stepped"));
    EXPECT_EQ(shop.wrong(), "");
    EXPECT_EQ(shop.cancel_order(1).code(), "order_shipped");
    EXPECT_EQ(shop.cancel_order(2).code(), "order_not_found");
}

TEST(PhoneOutage, without_pay_no_order_comes_into_existence_PHN_A4_PHN_N1) {
    Shop shop;
    shop.down("pay");
    EXPECT_EQ(shop.order().code(), "ok");
    EXPECT_THAT(shop.types(),
                ElementsAre("order_placed", "sale_stepped", "sale_stepped", "order_rejected"));
    EXPECT_TRUE(shop.provider.accounts().empty());
    EXPECT_EQ(shop.cancel_order(1).code(), "order_rejected");
    shop.up("pay");
    shop.settle();
    EXPECT_EQ(shop.log().size(), 4u);  // nothing is charged afterwards
    EXPECT_EQ(shop.wrong(), "");
}

TEST(PhoneOutage, without_pay_a_cancel_is_taken_and_the_refund_catches_up_PHN_N2) {
    for (const bool restarted : {false, true}) {
        Shop shop;
        shop.down("store");
        paid_order(shop);
        shop.down("pay");
        EXPECT_EQ(shop.cancel_order(1).code(), "ok");
        EXPECT_EQ(shop.cancel_order(1).code(), "order_cancelled");
        if (restarted) shop.restart();
        shop.up("store");
        shop.settle();
        EXPECT_EQ(shop.outcome(1), "compensating: order 4, store 4, kept 1200000");
        shop.up("pay");
        shop.settle();
        EXPECT_EQ(shop.outcome(1), "compensated: order 4, store 4, kept 0");
        EXPECT_EQ(shop.wrong(), "");
    }
}

TEST(PhoneOutage, without_the_store_orders_are_taken_and_shipped_later_PHN_A5_PHN_A6_PHN_N3) {
    for (const bool restarted : {false, true}) {
        Shop shop;
        shop.down("store");
        paid_order(shop);
        paid_order(shop);
        EXPECT_EQ(shop.types().back(), "order_paid");
        EXPECT_EQ(shop.receive(1).code(), "context_down");
        if (restarted) shop.restart();
        shop.now = shop.now + 86'400'000;
        shop.up("store");
        shop.settle();
        EXPECT_EQ(shop.outcomes(),
                  "completed: order 3, store 3, kept 1200000\n"
                  "completed: order 3, store 3, kept 1200000\n");
        EXPECT_EQ(shop.wrong(), "");
    }
}

// Whatever waits for the store when the customer cancels, the store does not ship.
TEST(PhoneOutage, a_cancel_while_the_store_is_down_stops_it_before_it_ships) {
    for (const bool received : {false, true}) {
        Shop shop;
        if (!received) shop.down("store");
        paid_order(shop);
        shop.down("store");
        if (received) {  // the timer fires during the outage: its message comes before the cancel
            ASSERT_TRUE(shop.wait_for_timer());
            ASSERT_TRUE(shop.submit_timer());
            shop.run_batch();
        }
        EXPECT_EQ(shop.cancel_order(1).code(), "ok");
        shop.up("store");
        shop.settle();
        EXPECT_EQ(shop.outcome(1), "compensated: order 4, store 4, kept 0") << received;
        EXPECT_EQ(shop.wrong(), "");
    }
}

TEST(PhoneOutage, a_cancel_and_a_parcel_that_the_app_has_not_heard_of_PHN_X5) {
    for (const bool in_time : {false, true}) {
        Shop shop;
        paid_order(shop);
        shop.down("app");
        EXPECT_EQ(shop.order().code(), "context_down");
        EXPECT_EQ(shop.cancel_order(1).code(), "context_down");
        ASSERT_TRUE(shop.wait_for_timer());
        ASSERT_TRUE(shop.submit_timer());
        shop.run_batch();  // the parcel is ready and waits for the order's word
        EXPECT_EQ(shop.types().back(), "parcel_packed");
        shop.up("app");
        if (!in_time) shop.settle();
        EXPECT_EQ(shop.cancel_order(1).code(), in_time ? "ok" : "order_shipped");
        shop.settle();
        EXPECT_EQ(shop.outcome(1), in_time ? "compensated: order 4, store 4, kept 0"
                                           : "completed: order 3, store 3, kept 1200000");
        EXPECT_EQ(shop.wrong(), "");
    }
}

// The app comes back with a decline in its inbox; the customer is faster.
TEST(PhoneOutage, a_cancel_that_overtakes_a_rejection_ends_all_the_same) {
    Shop shop;
    shop.fate = [](const auto&) { return Fate::refused; };
    shop.order();
    shop.down("app");
    ASSERT_TRUE(shop.call_provider());
    ASSERT_TRUE(shop.submit_answer());
    shop.run_batch();
    shop.up("app");
    EXPECT_EQ(shop.cancel_order(1).code(), "ok");
    shop.settle();
    EXPECT_EQ(shop.outcome(1), "compensated: order 4, store 0, kept 0");
    EXPECT_EQ(shop.wrong(), "");
}

TEST(PhoneOutage, a_payment_that_is_too_late_is_refunded_PHN_X4) {
    for (const auto fate : {Fate::lost, Fate::late, Fate::nothing}) {
        Shop shop;
        shop.fate = [fate](const auto& effect) {
            return std::holds_alternative<payment::Charge>(effect) ? fate : Fate::ok;
        };
        shop.order();
        shop.settle();
        EXPECT_EQ(shop.outcome(1), "compensated: order 5, store 0, kept 0");
        EXPECT_EQ(shop.wrong(), "");
    }
}

TEST(PhoneOutage, the_store_receives_known_and_paid_orders_only_PHN_A11_PHN_X6) {
    Shop shop;
    EXPECT_EQ(shop.receive(456).code(), "order_not_found");
    shop.order();
    EXPECT_EQ(shop.receive(1).code(), "order_not_paid");
    shop.settle();
    const auto before = shop.log().size();
    const auto reply = shop.receive(1);
    EXPECT_EQ(reply.code(), "ok");
    EXPECT_EQ(reply.stream, "phoneshop.store_order-1");
    EXPECT_EQ(shop.log().size(), before);  // it has it already
    shop.down("pay");
    shop.order();
    EXPECT_EQ(shop.receive(2).code(), "order_not_found");  // rejected: it never was
    shop.up("pay");
    shop.down("store");
    paid_order(shop);
    shop.submit_context("store", ContextState::up);
    const auto early = shop.submit_receive(3);  // before the store has heard of it
    shop.run_batch();
    EXPECT_EQ(early->reply.code(), "ok");
    shop.settle();
    shop.down("store");
    paid_order(shop);
    shop.cancel_order(4);
    shop.up("store");
    EXPECT_EQ(shop.receive(4).code(), "order_cancelled");
    shop.settle();
    EXPECT_EQ(shop.wrong(), "");
    EXPECT_EQ(shop.log().size(), shop.log().back()->position);
}

}  // namespace
}  // namespace yeyak::tests::phones
