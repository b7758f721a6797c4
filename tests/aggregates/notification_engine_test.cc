// Notifications in the engine: policies ask for them, effects and timers outlive the process, and a
// change is told once however often it is heard of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aggregates/engine/aggregate_host.h"
#include "aggregates/engine/engine.h"
#include "aggregates/engine/policy_host.h"
#include "aggregates/notification/contract.h"
#include "aggregates/notification/system.h"
#include "aggregates/prereservation/reservation.h"
#include "eventstore/memory_store.h"
#include "kernel/ensure.h"
#include "tests/aggregates/prereservation_samples.h"

namespace yeyak::tests {
namespace {

using eventstore::Table;
using notification::Command;
using notification::RecordDelivered;
using notification::RecordFailure;
using prereservation::ReservationConfirmed;
using prereservation::ReservationContract;
using testing::ElementsAre;
using testing::IsEmpty;

// The model of a system's notices: one for each change, its id made of the change.
struct Notices {
    static constexpr std::string_view name = "prereservation.notices";
    static constexpr std::string_view context = "notification";
    using Sources = Contracts<ReservationContract>;
    static std::vector<Send> react(const ReservationConfirmed& e) {
        return {notification::notify({.id = fmt::format("prereservation-confirmed-{}", e.id),
                                      .recipient = "user-1",
                                      .subject = fmt::format("reservation-{}", e.id),
                                      .kind = "reservation_confirmed",
                                      .text_ko = "예약이 확정되었습니다",
                                      .text_en = "Your reservation is confirmed"})};
    }
};

const std::string id = "prereservation-confirmed-17";

// The engine without an edge: what is owed is kept here, and carried out by the test.
class NotificationEngine : public ::testing::Test {
  protected:
    NotificationEngine() { start(); }

    void start() {
        effects.clear();
        timers.clear();
        drains.clear();
        engine = std::make_unique<Engine>(*store);
        engine->add(std::make_unique<AggregateHost<prereservation::Reservation>>(),
                    {"prereservation"});
        notification::install(*engine);
        engine->add_policy(std::make_unique<PolicyHost<Notices>>());
        auto owed = engine->open();
        ensure(owed.has_value(), "the engine opens");
        take(*std::move(owed));
    }
    void take(Owed owed) {
        for (auto& due : owed.effects) effects.push_back(std::move(due));
        for (auto& due : owed.timers) timers.push_back(std::move(due));
        for (auto& context : owed.drain) drains.push_back(std::move(context));
    }
    void run(eventstore::WorkPtr work) {
        std::vector<eventstore::WorkPtr> batch;
        batch.push_back(std::move(work));
        eventstore::run_batch(*store, batch);
        take(engine->take_owed());
    }
    std::string ask(Send command, std::string resolves = "") {
        std::string code;
        CommandWork request;
        request.now = noon;
        request.resolves = std::move(resolves);
        request.decide = [&](Unit& unit) { return unit.execute(command); };
        request.done = [&](const auto& reply) { code = reply->code(); };
        run(engine->work(std::move(request)));
        return code;
    }
    void confirm(std::int64_t number = 17) {
        const auto name = std::to_string(number);
        ask(send<ReservationContract>(name, prereservation::RequestReservation{requested(number)}));
        ask(send<ReservationContract>(name, prereservation::ConfirmReservation{number}));
    }
    // The oldest effect has this outcome.
    std::string outcome(Command command) {
        const auto due = effects.front();
        effects.erase(effects.begin());
        return ask(send<notification::Contract>(due.effect.id, std::move(command)), due.key);
    }
    void set(const std::string& context, ContextState state) {
        ContextSetting setting;
        setting.state = state;
        run(engine->set_context(context, setting, noon, [](const auto&) {}));
        for (auto& name : std::exchange(drains, {})) run(engine->drain(std::move(name), noon));
    }
    // The types of the events of the notification, without what they have in common.
    std::vector<std::string> story() const {
        std::vector<std::string> types;
        eventstore::StreamQuery query;
        query.stream = stream_of(notification::Contract::category, id);
        query.from = 1;
        const auto page = store->read_stream(query);
        for (const auto& event : page->events) {
            const std::string_view type = event->data.type;
            const auto begin = std::string_view{"notification.notification_"}.size();
            types.emplace_back(type.substr(begin, type.size() - begin - 3));
        }
        return types;
    }
    std::size_t entries(Table table) const { return store->entries(table, "", "", 100)->size(); }

    std::shared_ptr<eventstore::MemoryStore> store = std::make_shared<eventstore::MemoryStore>();
    std::unique_ptr<Engine> engine;
    std::vector<DueEffect> effects;
    std::vector<DueTimer> timers;
    std::vector<std::string> drains;
};

TEST_F(NotificationEngine, a_change_is_told_in_the_commit_that_makes_it) {
    confirm();
    EXPECT_THAT(story(), ElementsAre("requested"));
    ASSERT_EQ(effects.size(), 1u);
    EXPECT_EQ(effects[0].effect.category, notification::Contract::category);
    EXPECT_EQ(effects[0].effect.context, "notification");
    EXPECT_EQ(outcome(RecordDelivered{}), "ok");
    EXPECT_THAT(story(), ElementsAre("requested", "delivered"));
    EXPECT_EQ(entries(Table::outbox), 0u);
}

TEST_F(NotificationEngine, an_event_that_is_heard_twice_gives_one_notification_ALL_X3) {
    confirm();
    for (const bool ended : {false, true}) {
        if (ended) outcome(RecordDelivered{});
        for (auto& again : Notices::react(ReservationConfirmed{17})) EXPECT_EQ(ask(again), "ok");
        EXPECT_EQ(story().front(), "requested");
        EXPECT_EQ(story().size(), ended ? 2u : 1u);
        EXPECT_EQ(effects.size(), ended ? 0u : 1u);
    }
}

TEST_F(NotificationEngine, what_was_not_delivered_is_there_again_after_a_restart) {
    confirm();
    start();
    ASSERT_EQ(effects.size(), 1u);
    EXPECT_THAT(effects[0].effect.payload, testing::HasSubstr("\"attempt\":1"));
    outcome(RecordDelivered{});
    start();
    EXPECT_THAT(effects, IsEmpty());
}

TEST_F(NotificationEngine, a_pause_outlives_the_process_and_ends_in_the_next_attempt) {
    confirm();
    outcome(RecordFailure{"http_503", noon + 1000});
    EXPECT_THAT(effects, IsEmpty());
    start();
    ASSERT_EQ(timers.size(), 1u);
    EXPECT_EQ(timers[0].timer.due, noon + 1000);
    run(engine->fire_timer(timers[0].key, noon + 1000));
    EXPECT_THAT(story(), ElementsAre("requested", "postponed", "retried"));
    ASSERT_EQ(effects.size(), 1u);
    EXPECT_THAT(effects[0].effect.payload, testing::HasSubstr("\"attempt\":2"));
    outcome(RecordDelivered{});
    EXPECT_EQ(story().back(), "delivered");
    EXPECT_EQ(entries(Table::outbox) + entries(Table::timer), 0u);
}

TEST_F(NotificationEngine, a_dead_letter_waits_for_an_operator) {
    confirm();
    outcome(RecordFailure{"http_410", std::nullopt});
    start();
    EXPECT_THAT(effects, IsEmpty());
    EXPECT_THAT(timers, IsEmpty());
    EXPECT_EQ(ask(send<notification::Contract>(id, notification::Replay{"operator-3"})), "ok");
    outcome(RecordDelivered{});
    EXPECT_THAT(story(), ElementsAre("requested", "dead_lettered", "replayed", "delivered"));
    EXPECT_EQ(ask(send<notification::Contract>(id, notification::Replay{"operator-3"})),
              "notification_not_dead");
    EXPECT_EQ(ask(send<notification::Contract>("no-1", notification::Replay{"operator-3"})),
              "notification_unknown");
}

TEST_F(NotificationEngine, while_the_context_is_stopped_changes_go_on_and_are_told_afterwards) {
    set("notification", ContextState::down);
    confirm();
    EXPECT_THAT(story(), IsEmpty());
    EXPECT_THAT(effects, IsEmpty());
    EXPECT_EQ(entries(Table::inbox), 1u);
    start();
    set("notification", ContextState::up);
    EXPECT_THAT(story(), ElementsAre("requested"));
    EXPECT_EQ(effects.size(), 1u);
    EXPECT_EQ(entries(Table::inbox), 0u);
}

TEST_F(NotificationEngine, an_outcome_that_meets_a_stopped_context_is_recorded_afterwards) {
    confirm();
    set("notification", ContextState::down);
    outcome(RecordDelivered{});
    EXPECT_THAT(story(), ElementsAre("requested"));
    set("notification", ContextState::up);
    EXPECT_THAT(story(), ElementsAre("requested", "delivered"));
    start();
    EXPECT_THAT(effects, IsEmpty());
}

}  // namespace
}  // namespace yeyak::tests
