// What is owed after a commit: timers and effects survive crashes, fire once and never early, and
// nothing is owed for what is not durable.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aggregates/payment/system.h"
#include "aggregates/prereservation/system.h"
#include "eventstore/sequencer.h"
#include "tests/aggregates/prereservation_samples.h"
#include "tests/aggregates/world.h"

namespace yeyak::tests {
namespace {

using eventstore::Table;
using testing::IsEmpty;
using testing::SizeIs;

const std::string key = "payment.payment-prereservation-1";

// A world whose charge has no answer yet and will be asked about in a second.
World unknown_outcome() {
    World world;
    world.fate = [n = 0](const auto&) mutable { return n++ == 0 ? Fate::lost : Fate::ok; };
    world.reserve();
    world.call_provider();
    world.submit_answer();
    world.run_batch();
    return world;
}

TEST(EngineOutbox, an_effect_is_owed_until_its_outcome_is_recorded_also_across_a_restart) {
    World world;
    world.reserve();
    EXPECT_EQ(world.entries(Table::outbox), 1u);
    for (int crash = 0; crash < 3; ++crash) {
        ASSERT_TRUE(world.call_provider());  // and the answer is lost with the process
        world.restart();
        ASSERT_THAT(world.effects, SizeIs(1));
        EXPECT_EQ(world.effects[0].key, key + "@1");
        EXPECT_EQ(world.effects[0].effect.context, "payment");
        EXPECT_EQ(world.effects[0].effect.correlation_id, "request-1");
    }
    world.settle();
    EXPECT_EQ(world.entries(Table::outbox), 0u);
    EXPECT_EQ(world.provider.account(key).captures, 1);
    EXPECT_EQ(world.disagreement(), "");
    world.restart();
    EXPECT_THAT(world.effects, IsEmpty());
}

TEST(EngineTimer, fires_when_it_is_due_and_not_before) {
    auto world = unknown_outcome();
    ASSERT_THAT(world.timers, SizeIs(1));
    EXPECT_EQ(world.timers.begin()->second.due, world.now + 1000);
    world.now = world.now + 999;
    EXPECT_FALSE(world.submit_timer());
    EXPECT_DEATH(
        {
            world.submit(world.engine->fire_timer(world.timers.begin()->first, world.now));
            world.run_batch();
        },
        "a timer never fires early");
    world.now = world.now + 1;
    EXPECT_TRUE(world.submit_timer());
    world.run_batch();
    EXPECT_EQ(world.types().back(), "payment_outcome_asked");
    EXPECT_EQ(world.entries(Table::timer), 0u);
}

TEST(EngineTimer, fired_twice_counts_once) {
    auto world = unknown_outcome();
    const auto timer = world.timers.begin()->first;
    world.now = world.now + 5000;
    world.submit(world.engine->fire_timer(timer, world.now));
    world.submit(world.engine->fire_timer(timer, world.now));
    world.run_batch();
    world.submit(world.engine->fire_timer(timer, world.now));
    world.run_batch();
    EXPECT_EQ(std::ranges::count(world.types(), "payment_outcome_asked"), 1);
    world.timers.clear();
    world.settle();
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineTimer, is_there_again_after_a_restart) {
    auto world = unknown_outcome();
    const auto before = world.timers;
    world.restart();
    ASSERT_THAT(world.timers, SizeIs(1));
    EXPECT_EQ(world.timers.begin()->first, before.begin()->first);
    EXPECT_EQ(world.timers.begin()->second.payload, before.begin()->second.payload);
    world.now = world.now + 10 * 365 * 86'400'000ll;
    world.submit_timer();  // lost with the next crash, before its batch
    world.restart();
    ASSERT_THAT(world.timers, SizeIs(1));
    world.settle();
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineTimer, that_fires_late_changes_nothing) {
    World world;
    world.fate = [n = 0](const auto&) mutable { return n++ == 0 ? Fate::late : Fate::ok; };
    world.reserve();
    world.call_provider();
    while (world.submit_answer()) world.run_batch();  // the timeout, then the answer
    ASSERT_THAT(world.timers, SizeIs(1));
    const auto events = world.log().size();
    world.wait_for_timer();
    world.submit_timer();
    world.run_batch();
    EXPECT_EQ(world.log().size(), events);
    EXPECT_EQ(world.entries(Table::timer), 0u);
    world.settle();
    EXPECT_EQ(world.disagreement(), "");
}

TEST(EngineTimer, a_thousand_that_are_due_at_once_all_fire) {
    World world;
    world.fate = [](const auto& effect) {
        return std::holds_alternative<payment::Charge>(effect) ? Fate::lost : Fate::ok;
    };
    for (int i = 0; i < 1000; ++i) world.submit_reserve();
    world.run_batch();
    while (world.call_provider()) world.submit_answer();
    world.run_batch();
    EXPECT_THAT(world.timers, SizeIs(1000));
    world.restart();
    EXPECT_THAT(world.timers, SizeIs(1000));
    world.wait_for_timer();
    while (world.submit_timer()) continue;
    world.run_batch();
    EXPECT_EQ(std::ranges::count(world.types(), "payment_outcome_asked"), 1000);
    while (world.call_provider()) world.submit_answer();
    world.run_batch();
    while (world.call_provider()) world.submit_answer();
    world.run_batch();
    EXPECT_EQ(world.disagreement(), "");
}

// --- a store that fails -----------------------------------------------------------------------

class FailingStore final : public eventstore::StagingStore {
  public:
    FailingStore() : StagingStore(0) {}
    bool failing = false;

    eventstore::StoreResult<eventstore::Page> read_stream(
        const eventstore::StreamQuery&) const override {
        return eventstore::Page{};
    }
    eventstore::StoreResult<eventstore::Page> read_all(const eventstore::AllQuery&) const override {
        return eventstore::Page{};
    }
    eventstore::StoreResult<std::optional<std::string>> value(Table,
                                                              std::string_view) const override {
        return std::nullopt;
    }
    eventstore::StoreResult<std::vector<eventstore::TableEntry>> entries(
        Table, std::string_view, std::string_view, std::size_t) const override {
        return std::vector<eventstore::TableEntry>{};
    }

  protected:
    eventstore::StoreResult<void> persist(const eventstore::Batch&) override {
        if (!failing) return {};
        return std::unexpected(eventstore::StoreError{eventstore::StoreError::Kind::io, "EIO"});
    }
    eventstore::StoreResult<eventstore::Version> stored_head(std::string_view) const override {
        return 0;
    }
};

TEST(EngineFailure, nothing_is_charged_for_a_reservation_that_may_not_be_durable) {
    FailingStore store;
    Engine engine{store};
    payment::install(engine, ContextsByPrefix{{{"prereservation-", "payment"}}});
    prereservation::install(engine);
    ASSERT_TRUE(engine.open());
    for (const bool failing : {false, true, true}) {
        store.failing = failing;
        std::optional<bool> answered;
        bool watched = false;
        CommandWork request;
        request.decide = [](Unit& unit) {
            const auto id = static_cast<std::int64_t>(unit.next_number("prereservation"));
            return unit.execute<prereservation::ReservationContract>(
                std::to_string(id), prereservation::RequestReservation{requested(id)});
        };
        request.watch = {[](const auto&) { return true; }, [&](auto) { watched = true; }};
        request.done = [&](const auto& reply) { answered = reply.has_value(); };
        std::vector<eventstore::WorkPtr> batch;
        batch.push_back(engine.work(std::move(request)));
        eventstore::run_batch(store, batch);
        const auto owed = engine.take_owed();
        EXPECT_EQ(answered, !failing);
        EXPECT_EQ(watched, !failing);
        EXPECT_EQ(owed.effects.size(), failing ? 0u : 1u);
    }
}

}  // namespace
}  // namespace yeyak::tests
