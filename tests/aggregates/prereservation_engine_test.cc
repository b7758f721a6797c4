// One pre-reservation through the engine, from the request to its end: which events, in which
// order, in how many commits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/aggregates/prereservation_samples.h"
#include "tests/aggregates/world.h"

namespace yeyak::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string key = "payment.payment-prereservation-1";
const std::vector<std::string> asked_for{"reservation_requested", "checkout_stepped",
                                         "payment_requested"};

// Fates of the charge, the questions about it and the refunds, one after the other; then ok.
void script(World& world, std::vector<Fate> fates) {
    world.fate = [fates, next = std::size_t{0}](const auto&) mutable {
        return next < fates.size() ? fates[next++] : Fate::ok;
    };
}
std::string end_of(const World& world) {
    return world.state<prereservation::Reservation>("1").index() == 2 ? "confirmed" : "cancelled";
}

TEST(EngineCheckout, a_reservation_that_is_paid_takes_two_commits_PRE_A1_PRE_A5) {
    World world;
    const auto reply = world.reserve();
    EXPECT_EQ(reply.code(), "ok");
    EXPECT_EQ(reply.stream, "prereservation.reservation-1");
    EXPECT_EQ(reply.version, 1u);
    EXPECT_EQ(reply.position, 3u);
    EXPECT_EQ(world.types(), asked_for);
    ASSERT_EQ(world.effects.size(), 1u);
    EXPECT_EQ(world.effects[0].key, key + "@1");

    ASSERT_TRUE(world.call_provider());
    ASSERT_TRUE(world.submit_answer());
    world.run_batch();
    EXPECT_THAT(world.types(3), ElementsAre("payment_completed", "checkout_stepped",
                                            "reservation_confirmed", "receipt_issued"));
    world.settle();
    EXPECT_EQ(world.log().size(), 7u);
    EXPECT_EQ(world.disagreement(), "");
    EXPECT_EQ(end_of(world), "confirmed");
}

TEST(EngineCheckout, every_event_says_what_it_followed_from) {
    World world;
    world.reserve();
    world.settle();
    const auto log = world.log();
    std::vector<std::string> causes;
    for (const auto& event : log) {
        EXPECT_EQ(event->data.correlation_id, "request-1");
        causes.push_back(event->data.causation_id);
    }
    EXPECT_THAT(causes, ElementsAre("request-1", "prereservation.reservation-1@1",
                                    "prereservation.checkout-1@1", key + "@1", key + "@2",
                                    "prereservation.checkout-1@2", "prereservation.checkout-1@2"));
    EXPECT_EQ(log[0]->data.actor, "user:1");
    EXPECT_EQ(log[3]->data.actor, "provider");
    EXPECT_THAT(log[0]->data.tags, ElementsAre("user:1", "product:1"));
}

TEST(EngineCheckout, a_declined_payment_cancels_the_reservation) {
    World world;
    script(world, {Fate::refused});
    world.reserve();
    world.settle();
    EXPECT_THAT(world.types(3),
                ElementsAre("payment_declined", "checkout_stepped", "reservation_cancelled"));
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineCheckout, a_payment_that_failed_cancels_the_reservation) {
    World world;
    script(world, {Fate::failed});
    world.reserve();
    world.settle();
    EXPECT_THAT(world.types(3),
                ElementsAre("payment_failed", "checkout_stepped", "reservation_cancelled"));
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineCheckout, an_unknown_outcome_that_was_a_charge_is_refunded_PRE_X2) {
    World world;
    script(world, {Fate::lost});
    world.reserve();
    world.settle();
    EXPECT_THAT(world.types(3),
                ElementsAre("payment_outcome_unknown", "checkout_stepped", "reservation_cancelled",
                            "payment_cancellation_requested", "payment_outcome_asked",
                            "payment_completed", "payment_cancelled", "checkout_stepped"));
    EXPECT_EQ(world.provider.account(key).refunded, price.amount);
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineCheckout, an_unknown_outcome_that_was_no_charge_ends_without_a_refund_PRE_X2) {
    World world;
    script(world, {Fate::nothing, Fate::nothing, Fate::lost});
    world.reserve();
    world.settle();
    EXPECT_THAT(world.types(3),
                ElementsAre("payment_outcome_unknown", "checkout_stepped", "reservation_cancelled",
                            "payment_cancellation_requested", "payment_outcome_asked",
                            "payment_outcome_unknown", "payment_outcome_asked",
                            "payment_outcome_unknown", "payment_outcome_asked", "payment_failed",
                            "payment_cancelled", "checkout_stepped"));
    EXPECT_EQ(world.provider.account(key).captures, 0);
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineCheckout, an_answer_after_the_timeout_is_refunded_PRE_X2) {
    World world;
    script(world, {Fate::late});
    world.reserve();
    world.settle();
    EXPECT_EQ(world.provider.account(key).refunds, 1);
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineCheckout, an_answer_told_twice_counts_once) {
    World world;
    script(world, {Fate::twice});
    world.reserve();
    world.settle();
    EXPECT_EQ(world.log().size(), 7u);
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineCheckout, a_refund_is_retried_with_growing_pauses_until_it_succeeds) {
    for (const int failures : {1, 2, 9}) {
        World world;
        world.reserve();
        world.settle();
        const auto begun = world.now;
        script(world, std::vector<Fate>(static_cast<std::size_t>(failures), Fate::nothing));
        EXPECT_EQ(world.cancel(1).code(), "ok");
        world.settle();
        EXPECT_EQ(std::ranges::count(world.types(), "refund_postponed"), failures);
        std::int64_t pauses = 0;
        for (int n = 1; n <= failures; ++n) pauses += payment::pause_ms(n);
        EXPECT_EQ(world.now, begun + pauses);
        EXPECT_EQ(world.provider.account(key).refunds, 1);
        EXPECT_EQ(world.disagreement(), "");
        World::seen()["refund retried"] += failures;
    }
}

TEST(EngineCheckout, a_refund_whose_answer_is_lost_happens_once) {
    World world;
    world.reserve();
    world.settle();
    script(world, {Fate::lost, Fate::lost});
    world.cancel(1);
    world.settle();
    EXPECT_EQ(world.provider.account(key).refunds, 1);
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineCheckout, a_user_who_cancels_gets_everything_undone_PRE_F5_PRE_A7) {
    World world;
    world.reserve();
    world.settle();
    EXPECT_EQ(world.cancel(1).code(), "ok");
    world.settle();
    EXPECT_THAT(world.types(7),
                ElementsAre("reservation_cancelled", "checkout_stepped",
                            "payment_cancellation_requested", "receipt_cancelled",
                            "checkout_stepped", "payment_cancelled", "checkout_stepped"));
    EXPECT_EQ(world.disagreement(), "");
    EXPECT_EQ(world.cancel(1).code(), "reservation_cancelled");
    EXPECT_EQ(world.cancel(2).code(), "reservation_not_found");
    EXPECT_EQ(world.log().size(), 14u);
}

TEST(EngineCheckout, a_user_may_cancel_at_every_moment_PRE_F4) {
    for (const auto fate : all_fates) {
        for (int moment = 0; moment < 12; ++moment) {
            SCOPED_TRACE(testing::Message() << "fate " << int(fate) << ", moment " << moment);
            World world;
            script(world, {fate, fate});
            world.reserve();
            bool more = true;
            for (int step = 0; step < moment && more; ++step) {
                more = world.submit_drains() || world.submit_answer() || world.submit_timer();
                if (more) world.run_batch();
                if (!more) more = world.call_provider() || world.wait_for_timer();
            }
            const auto before = end_of(world);
            const auto code = world.cancel(1).code();
            world.settle();
            EXPECT_EQ(end_of(world), "cancelled");
            EXPECT_EQ(world.disagreement(), "");
            EXPECT_TRUE(code == "ok" || code == "reservation_cancelled") << code << before;
        }
    }
}

}  // namespace
}  // namespace yeyak::tests
