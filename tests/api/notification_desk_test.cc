// The notification desk against a channel that the test plays: time limit, bulkhead, pauses, dead
// letters, stopped contexts. Real timers, with limits of a few milliseconds.
#include "server/notification/desk.h"

#include <gtest/gtest.h>

#include <set>

#include "kernel/events.h"

namespace yeyak::api {
namespace {

using Kind = server::NotifierAnswer::Kind;
using notification::RecordDelivered;
using notification::RecordFailure;

// Keeps every answer until the test gives it, or answers at once.
class PlayedNotifier final : public server::Notifier {
  public:
    void deliver(const notification::Deliver& what, Answer answer) override {
        ids.push_back(what.notification.id);
        if (silent)
            waiting.push_back(std::move(answer));
        else
            answer(says);
    }
    bool silent = false;
    server::NotifierAnswer says{Kind::delivered};
    std::vector<std::string> ids;
    std::vector<Answer> waiting;
};

class NotificationDeskTest : public ::testing::Test {
  protected:
    NotificationDeskTest() {
        contexts.add("notification");
        contexts.add("notice");
        server::NotificationOptions options;
        options.timeout_ms = 30;
        options.max_attempts = 3;
        options.backoff_ms = 100;
        options.bulkhead = 2;
        desk = std::make_unique<server::NotificationDesk>(
            io, clock, contexts, notifier, options,
            [this](const DueEffect& effect, notification::Command outcome) {
                outcomes.emplace_back(effect.key, std::move(outcome));
            });
    }

    void carry_out(const std::string& id, std::int64_t attempt = 1) {
        notification::Deliver what{attempt, {id, "user-1", "order-1", "paid", "결제", "paid"}};
        PendingEffect pending;
        pending.context = notification::Contract::context(id);
        pending.type = notification::Deliver::type;
        pending.payload = encode_event(notification::Effect{std::move(what)});
        desk->carry_out({"key/" + id, std::move(pending)});
    }
    void run_for(std::int64_t ms) {
        io.restart();
        io.run_for(std::chrono::milliseconds{ms});
    }
    bool is_delivered(std::size_t i) const {
        return outcomes.size() > i && std::holds_alternative<RecordDelivered>(outcomes[i].second);
    }
    RecordFailure failure(std::size_t i) const {
        EXPECT_GT(outcomes.size(), i);
        return std::get<RecordFailure>(outcomes.at(i).second);
    }
    void set(ContextSetting setting) { contexts.set("notification", std::move(setting)); }

    boost::asio::io_context io;
    Clock clock;
    Contexts contexts;
    PlayedNotifier notifier;
    std::unique_ptr<server::NotificationDesk> desk;
    std::vector<std::pair<std::string, notification::Command>> outcomes;
};

TEST_F(NotificationDeskTest, reports_a_delivery) {
    carry_out("a-1");
    ASSERT_TRUE(is_delivered(0));
    EXPECT_EQ(outcomes[0].first, "key/a-1");
}

TEST_F(NotificationDeskTest, a_failure_waits_for_a_pause_that_doubles_and_is_partly_random) {
    notifier.says = {Kind::failed, "http_503"};
    std::set<std::int64_t> pauses;
    for (int i = 0; i < 40; ++i) {
        for (const std::int64_t attempt : {1, 2}) {
            const auto before = clock.now();
            carry_out("a-1", attempt);
            const auto outcome = failure(outcomes.size() - 1);
            EXPECT_EQ(outcome.reason, "http_503");
            ASSERT_TRUE(outcome.retry_at.has_value());
            const auto longest = 100 << (attempt - 1);
            EXPECT_GE(*outcome.retry_at, before + longest / 2);
            EXPECT_LE(*outcome.retry_at, clock.now() + longest);
            if (attempt == 2) pauses.insert(outcome.retry_at->ms - before.ms);
        }
    }
    EXPECT_GT(pauses.size(), 5u) << "what failed together must not come back together";
}

TEST_F(NotificationDeskTest, the_channel_may_ask_for_a_longer_pause) {
    notifier.says = {Kind::failed, "http_429", 60'000};
    const auto before = clock.now();
    carry_out("a-1");
    EXPECT_GE(failure(0).retry_at, before + 60'000);
}

TEST_F(NotificationDeskTest, the_last_attempt_and_a_rejection_are_given_up) {
    notifier.says = {Kind::failed, "http_503"};
    carry_out("a-1", 2);
    EXPECT_TRUE(failure(0).retry_at.has_value());
    carry_out("a-1", 3);
    EXPECT_FALSE(failure(1).retry_at.has_value());
    notifier.says = {Kind::rejected, "http_410"};
    carry_out("a-2", 1);
    EXPECT_FALSE(failure(2).retry_at.has_value());
    EXPECT_EQ(failure(2).reason, "http_410");
}

TEST_F(NotificationDeskTest, no_answer_in_time_is_a_failure_and_a_late_one_is_dropped) {
    notifier.silent = true;
    carry_out("a-1");
    run_for(60);
    EXPECT_EQ(failure(0).reason, "timeout");
    notifier.waiting[0]({Kind::delivered});
    EXPECT_EQ(outcomes.size(), 1u);
}

TEST_F(NotificationDeskTest, what_finds_no_place_waits_and_is_never_refused) {
    notifier.silent = true;
    for (const auto* id : {"a-1", "a-2", "a-3", "a-4"}) carry_out(id);
    carry_out("market-1");
    EXPECT_EQ(notifier.ids, (std::vector<std::string>{"a-1", "a-2", "market-1"}))
        << "each context has places of its own";
    notifier.waiting[0]({Kind::delivered});
    run_for(1);
    ASSERT_EQ(notifier.ids.size(), 4u);
    EXPECT_EQ(notifier.ids[3], "a-3");
}

TEST_F(NotificationDeskTest, a_channel_that_answers_at_once_serves_a_long_queue) {
    set({.state = ContextState::down, .delay_ms = {}});
    for (int i = 0; i < 20'000; ++i) carry_out("a-" + std::to_string(i));
    EXPECT_TRUE(notifier.ids.empty());
    set({});
    desk->wake();
    run_for(2'000);
    EXPECT_EQ(outcomes.size(), 20'000u);
    EXPECT_EQ(notifier.ids.back(), "a-19999") << "in the order of arrival";
}

TEST_F(NotificationDeskTest, a_stopped_context_holds_up_nobody_else) {
    set({.state = ContextState::down, .delay_ms = {}});
    carry_out("a-1");
    carry_out("market-1");
    EXPECT_EQ(notifier.ids, std::vector<std::string>{"market-1"});
    set({});
    desk->wake();
    EXPECT_EQ(notifier.ids.back(), "a-1");
}

TEST_F(NotificationDeskTest, an_injected_failure_or_too_long_a_delay_never_reaches_the_channel) {
    set({.state = ContextState::up, .delay_ms = {}, .fail_per_mille = 1000});
    carry_out("a-1");
    EXPECT_EQ(failure(0).reason, "failed");
    set({.state = ContextState::up, .delay_ms = {50, 50}});
    carry_out("a-2");
    run_for(100);
    EXPECT_EQ(failure(1).reason, "timeout");
    EXPECT_TRUE(notifier.ids.empty());
}

TEST_F(NotificationDeskTest, an_injected_delay_within_the_limit_only_takes_time) {
    set({.state = ContextState::up, .delay_ms = {5, 10}});
    carry_out("a-1");
    EXPECT_TRUE(outcomes.empty());
    run_for(60);
    EXPECT_TRUE(is_delivered(0));
}

TEST_F(NotificationDeskTest, a_lost_answer_is_tried_again_though_it_arrived) {
    set({.state = ContextState::up, .delay_ms = {}, .fail_per_mille = 0, .lose_per_mille = 1000});
    carry_out("a-1");
    run_for(60);
    EXPECT_EQ(notifier.ids.size(), 1u);
    EXPECT_TRUE(failure(0).retry_at.has_value());
}

}  // namespace
}  // namespace yeyak::api
