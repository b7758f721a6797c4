// Contexts that are stopped: what must fail cleanly, what must still work, what catches up (domain
// table 6.2).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/aggregates/prereservation_samples.h"
#include "tests/aggregates/world.h"

namespace yeyak::tests {
namespace {

using eventstore::Table;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string key = "payment.payment-prereservation-1";

void answer_of_provider(World& world) {
    ASSERT_TRUE(world.call_provider());
    ASSERT_TRUE(world.submit_answer());
    world.run_batch();
}

TEST(EngineOutage, without_payment_the_reservation_is_not_kept_PRE_A8) {
    World world;
    world.down("payment");
    EXPECT_EQ(world.reserve().code(), "ok");
    EXPECT_THAT(world.types(), ElementsAre("reservation_requested", "checkout_stepped",
                                           "checkout_stepped", "reservation_cancelled"));
    EXPECT_THAT(world.log().back()->data.payload, testing::HasSubstr("payment_unavailable"));
    EXPECT_THAT(world.effects, IsEmpty());
    EXPECT_TRUE(world.provider.accounts().empty());
    EXPECT_EQ(world.disagreement(), "");
    world.up("payment");
    world.settle();
    EXPECT_EQ(world.log().size(), 4u);  // nothing is charged afterwards
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineOutage, without_receipts_a_reservation_is_taken_and_paid_PRE_A11_PRE_N2) {
    for (const bool restarted : {false, true}) {
        World world;
        world.down("receipt");
        world.reserve();
        answer_of_provider(world);
        EXPECT_THAT(world.types(3),
                    ElementsAre("payment_completed", "checkout_stepped", "reservation_confirmed"));
        EXPECT_EQ(world.entries(Table::inbox), 1u);
        if (restarted) world.restart();
        world.now = world.now + 40 * 86'400'000ll;
        world.up("receipt");
        world.settle();
        EXPECT_THAT(world.types(6), ElementsAre("receipt_issued"));
        // The day of the payment counts, not that of the receipt (PRE-X5).
        EXPECT_THAT(world.log().back()->data.payload, testing::HasSubstr("2020-12-11"));
        EXPECT_EQ(world.disagreement(), "");
    }
}

TEST(EngineOutage, a_cancel_while_receipts_are_down_comes_after_the_issue) {
    World world;
    world.down("receipt");
    world.reserve();
    answer_of_provider(world);
    EXPECT_EQ(world.cancel(1).code(), "ok");
    EXPECT_EQ(world.entries(Table::inbox), 2u);
    world.restart();
    world.up("receipt");
    world.settle();
    const auto receipts = world.stream("prereservation.receipt-1");
    ASSERT_EQ(receipts.size(), 2u);
    EXPECT_EQ(receipts[0]->data.type, prereservation::ReceiptIssued::type);
    EXPECT_EQ(receipts[1]->data.type, prereservation::ReceiptCancelled::type);
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineOutage, a_cancel_while_payment_is_down_is_refunded_afterwards) {
    for (const bool restarted : {false, true}) {
        World world;
        world.reserve();
        world.settle();
        world.down("payment");
        EXPECT_EQ(world.cancel(1).code(), "ok");
        world.settle();
        EXPECT_EQ(world.provider.account(key).refunded, 0);
        if (restarted) world.restart();
        world.up("payment");
        world.settle();
        EXPECT_EQ(world.provider.account(key).refunded, price.amount);
        EXPECT_EQ(world.disagreement(), "");
    }
}

TEST(EngineOutage, an_outcome_that_arrives_while_payment_is_down_is_not_lost) {
    for (const bool restarted : {false, true}) {
        World world;
        world.reserve();
        ASSERT_TRUE(world.call_provider());
        world.down("payment");
        ASSERT_TRUE(world.submit_answer());
        world.run_batch();
        EXPECT_EQ(world.entries(Table::inbox), 1u);
        EXPECT_EQ(world.log().size(), 3u);
        if (restarted) world.restart();
        world.up("payment");
        world.settle();
        EXPECT_EQ(world.log().size(), 7u);
        EXPECT_EQ(world.disagreement(), "");
    }
}

TEST(EngineOutage, an_outcome_that_is_refused_leaves_its_effect_owed) {
    World world;
    world.reserve();
    world.down("payment");
    CommandWork request;
    request.resolves = key + "@1";
    request.decide = [](Unit& unit) {
        return unit.execute<payment::Contract>("prereservation-1",
                                               payment::RecordApproval{"A", {}});
    };
    EXPECT_EQ(world.ask(std::move(request)).code(), "context_down");
    EXPECT_EQ(world.entries(Table::outbox), 1u);
    world.restart();
    world.up("payment");
    world.settle();
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineOutage, an_outcome_does_not_overtake_what_waits_before_it) {
    World world;
    world.reserve();
    world.call_provider();
    world.down("payment");
    world.cancel(1);  // the cancellation of the payment waits
    world.submit_context("payment", ContextState::up);
    world.submit_answer();
    world.run_batch();
    EXPECT_EQ(world.entries(Table::inbox), 2u);
    world.settle();
    const auto payments = world.stream(key);
    ASSERT_EQ(payments.size(), 4u);
    EXPECT_EQ(payments[1]->data.type, payment::PaymentCancellationRequested::type);
    EXPECT_EQ(payments[2]->data.type, payment::PaymentCompleted::type);
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineOutage, an_outcome_is_heard_when_pre_reservation_is_back) {
    for (const bool restarted : {false, true}) {
        World world;
        world.reserve();
        world.down("prereservation");
        answer_of_provider(world);
        EXPECT_THAT(world.types(3), ElementsAre("payment_completed"));
        EXPECT_EQ(world.cancel(1).code(), "context_down");
        EXPECT_EQ(world.reserve().code(), "context_down");
        if (restarted) world.restart();
        world.up("prereservation");
        world.settle();
        EXPECT_THAT(world.types(4),
                    ElementsAre("checkout_stepped", "reservation_confirmed", "receipt_issued"));
        EXPECT_EQ(world.disagreement(), "");
    }
}

TEST(EngineOutage, a_payment_timer_waits_for_its_context) {
    World world;
    world.fate = [n = 0](const auto&) mutable { return n++ == 0 ? Fate::lost : Fate::ok; };
    world.reserve();
    answer_of_provider(world);
    world.down("payment");
    world.settle();
    EXPECT_EQ(world.entries(Table::timer), 0u);
    EXPECT_EQ(world.entries(Table::inbox), 1u);
    world.restart();
    world.up("payment");
    world.settle();
    EXPECT_EQ(world.provider.account(key).refunds, 1);
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineOutage, what_waits_is_delivered_in_the_order_of_arrival) {
    World world;
    world.down("receipt");
    for (int i = 0; i < 250; ++i) world.submit_reserve();
    world.run_batch();
    while (world.call_provider()) world.submit_answer();
    world.run_batch();
    EXPECT_EQ(world.entries(Table::inbox), 250u);
    const auto before = world.store->head();
    world.submit_context("receipt", ContextState::up);
    world.submit_reserve();  // whose receipt must not come first
    world.run_batch();
    world.call_provider();
    world.submit_answer();
    world.run_batch();
    world.settle();
    std::int64_t next = 1;
    for (const auto& event : world.log()) {
        if (event->position <= before || !event->stream.starts_with("prereservation.receipt-"))
            continue;
        EXPECT_EQ(event->stream, "prereservation.receipt-" + std::to_string(next++));
    }
    EXPECT_EQ(next, 252);
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineOutage, an_inbox_is_used_again_after_it_was_empty_and_after_a_restart) {
    World world;
    for (int round = 1; round <= 3; ++round) {
        world.down("receipt");
        for (int i = 0; i < 3; ++i) world.reserve();
        while (world.call_provider()) world.submit_answer();
        world.run_batch();
        EXPECT_EQ(world.entries(Table::inbox), 3u);
        world.up("receipt");
        ASSERT_TRUE(world.submit_drains());
        world.run_batch();
        EXPECT_EQ(world.entries(Table::inbox), 0u) << "in one batch";
        EXPECT_FALSE(world.submit_drains());
        EXPECT_EQ(world.disagreement(), "");
        world.restart();
        EXPECT_FALSE(world.submit_drains());
    }
}

TEST(EngineOutage, what_happens_while_an_inbox_is_drained_waits_its_turn) {
    World world;
    for (int i = 0; i < 3; ++i) world.submit_reserve();
    world.run_batch();
    world.down("prereservation");
    world.call_provider();
    world.submit_answer();
    world.run_batch();
    world.submit_context("prereservation", ContextState::up);
    world.run_batch();
    // In one batch: an event that must wait behind the first, and the drain that finds both.
    world.call_provider();
    world.submit_answer();
    world.submit_drains();
    world.run_batch();
    world.settle();
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineOutage, a_stopped_context_stays_stopped_across_a_restart) {
    World world;
    world.down("receipt");
    world.restart();
    EXPECT_FALSE(world.engine->contexts().is_up("receipt"));
    EXPECT_TRUE(world.engine->contexts().is_up("payment"));
    EXPECT_EQ(world.engine->contexts().all().size(), 3u);
    EXPECT_FALSE(world.engine->contexts().known("hospital"));
}

}  // namespace
}  // namespace yeyak::tests
