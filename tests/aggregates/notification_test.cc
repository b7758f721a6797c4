// Every rule of a notification: what each command means in each state, and what it asks for.
#include "aggregates/notification/notification.h"

#include "tests/aggregates/laws.h"
#include "tests/scenario.h"

namespace yeyak::notification {
namespace {

using namespace tests;

const std::string id = "market-reserved-17";
constexpr Instant noon{1'605'871'710'123};
const NotificationRequested told{id,         "user-1",         "reservation-17",
                                 "reserved", "예약되었습니다", "It is reserved"};
const NotificationRequested other{id,         "user-2",         "reservation-17",
                                  "reserved", "예약되었습니다", "It is reserved"};
const Notify notify_again{told};
const RecordFailure failure{"http_503", noon + 1500};
const RecordFailure last_failure{"http_410", std::nullopt};
const NotificationPostponed postponed{id, 1, "http_503", noon + 1500};
const NotificationRetried retried{id, 2};
const NotificationDelivered delivered{id, 1};
const NotificationDeadLettered dead_lettered{id, 1, "http_410"};
const NotificationReplayed replayed{id, "operator-3"};
const Replay replay{"operator-3"};

// The states, by the shortest way there.
auto nothing() { return given<Notification>(); }
auto sending() { return given<Notification>(told); }
auto waiting() { return given<Notification>(told, postponed); }
auto second() { return given<Notification>(told, postponed, retried); }
auto arrived() { return given<Notification>(told, delivered); }
auto dead() { return given<Notification>(told, dead_lettered); }
auto sending_again() { return given<Notification>(told, dead_lettered, replayed); }

TEST(NotificationRequest, the_first_one_is_taken) { nothing().when(notify_again).then(told); }
TEST(NotificationRequest, one_change_is_one_notification_ALL_X3) {
    for (auto state : {sending(), waiting(), second(), arrived(), dead(), sending_again()})
        state.when(notify_again).then_nothing();
}
TEST(NotificationRequest, other_content_for_the_same_change_is_refused) {
    for (auto state : {sending(), waiting(), arrived(), dead()})
        state.when(Notify{other}).then_rejected(Rejection::notification_exists);
}

TEST(NotificationDelivery, is_recorded_with_its_attempt) {
    sending().when(RecordDelivered{}).then(delivered);
    second().when(RecordDelivered{}).then(NotificationDelivered{id, 2});
    sending_again().when(RecordDelivered{}).then(delivered);
}
TEST(NotificationDelivery, that_is_known_late_counts_all_the_same) {
    waiting().when(RecordDelivered{}).then(delivered);
    dead().when(RecordDelivered{}).then(delivered);
}
TEST(NotificationDelivery, told_twice_changes_nothing) {
    arrived().when(RecordDelivered{}).then_nothing();
    arrived().when(failure).then_nothing();
    arrived().when(last_failure).then_nothing();
}

TEST(NotificationFailure, waits_until_the_edge_says) {
    sending().when(failure).then(postponed);
    second().when(failure).then(NotificationPostponed{id, 2, "http_503", noon + 1500});
}
TEST(NotificationFailure, without_a_next_time_is_a_dead_letter) {
    sending().when(last_failure).then(dead_lettered);
    second().when(last_failure).then(NotificationDeadLettered{id, 2, "http_410"});
}
TEST(NotificationFailure, told_twice_counts_once) {
    waiting().when(failure).then_nothing();
    waiting().when(last_failure).then_nothing();
    dead().when(failure).then_nothing();
    dead().when(last_failure).then_nothing();
}

TEST(NotificationTimer, begins_the_next_attempt) { waiting().when(TryAgain{1}).then(retried); }
TEST(NotificationTimer, that_fires_late_or_twice_changes_nothing) {
    for (auto state : {sending(), second(), arrived(), dead(), sending_again()})
        state.when(TryAgain{1}).then_nothing();
    waiting().when(TryAgain{2}).then_nothing();
}

TEST(NotificationReplay, delivers_a_dead_letter_after_all) {
    dead().when(replay).then(replayed);
    sending_again().when(failure).then(postponed);
}
TEST(NotificationReplay, is_for_dead_letters_only) {
    for (auto state : {sending(), waiting(), second(), arrived(), sending_again()})
        state.when(replay).then_rejected(Rejection::notification_not_dead);
    nothing().when(replay).then_rejected(Rejection::notification_unknown);
}

TEST(Notification, an_outcome_that_nobody_asked_for_is_refused) {
    const std::vector<Command> outcomes{RecordDelivered{}, failure, last_failure, TryAgain{1}};
    for (const auto& outcome : outcomes)
        nothing().when(outcome).then_rejected(Rejection::notification_unknown);
}

// --- what it asks for, and when ---------------------------------------------------------------

Outputs<Notification> after_last(const std::vector<Event>& events) {
    return Notification::after(fold<Notification>(events), events.back());
}

TEST(NotificationEffects, every_attempt_hands_over_the_same_notification) {
    const std::vector<std::pair<std::vector<Event>, std::int64_t>> attempts{
        {{told}, 1},
        {{told, postponed, retried}, 2},
        {{told, dead_lettered, replayed}, 1},
    };
    for (const auto& [events, attempt] : attempts) {
        const auto outputs = after_last(events);
        EXPECT_TRUE(outputs.timers.empty());
        ASSERT_EQ(outputs.effects.size(), 1u);
        EXPECT_EQ(text_of(outputs.effects[0]), text_of(Effect{Deliver{attempt, told}}));
    }
}
TEST(NotificationEffects, a_failure_waits_for_its_time) {
    const auto outputs = after_last({told, postponed});
    EXPECT_TRUE(outputs.effects.empty());
    ASSERT_EQ(outputs.timers.size(), 1u);
    EXPECT_EQ(outputs.timers[0].first, noon + 1500);
    EXPECT_EQ(text_of(outputs.timers[0].second), text_of(Command{TryAgain{1}}));
}
TEST(NotificationEffects, what_has_ended_asks_for_nothing) {
    for (const auto& end : std::vector<Event>{delivered, dead_lettered}) {
        const auto outputs = after_last({told, end});
        EXPECT_TRUE(outputs.effects.empty() && outputs.timers.empty());
    }
}

TEST(NotificationContract, the_market_has_a_desk_of_its_own) {
    EXPECT_EQ(Contract::context("market-reserved-17"), "notice");
    EXPECT_EQ(Contract::context("vaccination-reserved-17"), "notification");
    EXPECT_EQ(Contract::context("marketing-17"), "notification");
}

// --- laws -------------------------------------------------------------------------------------

// Whatever has not ended has exactly one thing on the way: it is neither stuck nor sent twice.
void one_thing_on_the_way(const State& before, const State& after, const Event& event) {
    RC_ASSERT(!std::holds_alternative<Delivered>(before));
    const auto outputs = Notification::after(after, event);
    const auto asked = outputs.effects.size() + outputs.timers.size();
    RC_ASSERT(asked == (std::holds_alternative<Sending>(after) ? 1u : 0u));
}

RC_GTEST_PROP(NotificationLaws, hold_for_every_history, ()) {
    std::vector<Command> commands{notify_again, Notify{other}, RecordDelivered{},
                                  failure,      last_failure,  replay};
    for (int attempt = 1; attempt < 4; ++attempt) commands.push_back(TryAgain{attempt});
    const auto history = live<Notification>(commands, &one_thing_on_the_way);
    const auto count = [&]<class E>(std::type_identity<E>) {
        return std::ranges::count_if(
            history, [](const auto& event) { return std::holds_alternative<E>(event); });
    };
    RC_ASSERT(count(std::type_identity<NotificationRequested>{}) <= 1);
    RC_ASSERT(count(std::type_identity<NotificationDelivered>{}) <= 1);
    RC_ASSERT(count(std::type_identity<NotificationReplayed>{}) <=
              count(std::type_identity<NotificationDeadLettered>{}));
}

RC_GTEST_PROP(NotificationLaws, any_event_folds_in_any_state, ()) {
    total<Notification>({told, delivered, postponed, retried, dead_lettered, replayed});
}

}  // namespace
}  // namespace yeyak::notification
