// The payment desk against a provider that the test plays: time limit, bulkhead, breaker, stopped
// contexts. Real timers, with limits of a few milliseconds.
#include "server/payment/desk.h"

#include <gtest/gtest.h>

#include "kernel/events.h"
#include "tests/kept.h"

namespace yeyak::api {
namespace {

using Kind = server::ProviderAnswer::Kind;

// Keeps every question until the test answers it, or answers at once.
class PlayedProvider final : public server::PaymentProvider {
  public:
    void charge(const payment::Charge& charge, Answer answer) override {
        charged.push_back(charge.key);
        take(std::move(answer), {Kind::approved, "A1"});
    }
    void ask_charge(const payment::SettleCharge&, Answer answer) override {
        take(std::move(answer), {Kind::not_charged, "none"});
    }
    void refund(const payment::Refund&, Answer answer) override {
        take(std::move(answer), {Kind::refunded, ""});
    }
    void take(Answer answer, server::ProviderAnswer what) {
        if (silent)
            waiting.push_back(std::move(answer));
        else
            answer(override_with.value_or(what));
    }
    bool silent = false;
    std::optional<server::ProviderAnswer> override_with;
    std::vector<std::string> charged;
    std::vector<Answer> waiting;
};

class Desk : public ::testing::Test {
  protected:
    Desk() {
        contexts.add("payment");
        server::DeskOptions options;
        options.timeout_ms = 30;
        server::GuardOptions guarded;
        guarded.bulkhead = 2;
        guarded.breaker.sleep_ms = 50;
        guards = std::make_unique<server::CallGuards>(guarded);
        desk = std::make_unique<server::PaymentDesk>(
            io, clock, contexts, provider, *guards, options,
            [this](const DueEffect& effect, payment::Command outcome) {
                outcomes.emplace_back(effect.key, std::move(outcome));
            });
    }

    template <class Effect>
    void carry_out(const std::string& key, Effect effect) {
        PendingEffect pending;
        pending.context = "payment";
        pending.type = Effect::type;
        pending.payload = encode_event(payment::Effect{std::move(effect)});
        desk->carry_out({key, std::move(pending)});
    }
    void charge(const std::string& key) {
        carry_out(key, payment::Charge{key, Won{1000}, tests::card_token("t")});
    }

    void run_for(std::int64_t ms) {
        io.restart();
        io.run_for(std::chrono::milliseconds{ms});
    }
    template <class Outcome>
    bool is(std::size_t i) const {
        return outcomes.size() > i && std::holds_alternative<Outcome>(outcomes[i].second);
    }
    void set(ContextSetting setting) { contexts.set("payment", std::move(setting)); }

    boost::asio::io_context io;
    Clock clock;
    Contexts contexts;
    PlayedProvider provider;
    std::unique_ptr<server::CallGuards> guards;
    std::unique_ptr<server::PaymentDesk> desk;
    std::vector<std::pair<std::string, payment::Command>> outcomes;
};

TEST_F(Desk, reports_approval_decline_and_refund) {
    charge("a");
    ASSERT_TRUE(is<payment::RecordApproval>(0));
    EXPECT_EQ(std::get<payment::RecordApproval>(outcomes[0].second).approval_no, "A1");
    provider.override_with = server::ProviderAnswer{Kind::declined, "no money"};
    charge("b");
    ASSERT_TRUE(is<payment::RecordDecline>(1));
    provider.override_with.reset();
    carry_out("c", payment::Refund{"c", Won{1000}});
    EXPECT_TRUE(is<payment::RecordRefund>(2));
    carry_out("d", payment::SettleCharge{"d"});
    EXPECT_TRUE(is<payment::RecordNotCharged>(3));
}

TEST_F(Desk, no_answer_in_time_is_unknown_and_a_late_one_is_dropped) {
    provider.silent = true;
    charge("a");
    run_for(10);
    EXPECT_TRUE(outcomes.empty());
    run_for(60);
    ASSERT_TRUE(is<payment::RecordUnknown>(0));
    provider.waiting[0]({Kind::approved, "A1"});
    EXPECT_EQ(outcomes.size(), 1u);
}

TEST_F(Desk, a_refund_without_answer_is_tried_again_later) {
    provider.silent = true;
    carry_out("a", payment::Refund{"a", Won{1000}});
    run_for(60);
    EXPECT_TRUE(is<payment::RecordRefundFailure>(0));
}

TEST_F(Desk, the_third_call_at_once_is_refused_and_never_sent) {
    provider.silent = true;
    for (const auto* key : {"a", "b", "c"}) charge(key);
    EXPECT_EQ(provider.charged, (std::vector<std::string>{"a", "b"}));
    ASSERT_EQ(outcomes.size(), 1u);
    ASSERT_TRUE(is<payment::RecordNotCharged>(0));
    EXPECT_EQ(std::get<payment::RecordNotCharged>(outcomes[0].second).reason, "bulkhead_full");
    provider.waiting[0]({Kind::approved, "A1"});
    charge("d");
    EXPECT_EQ(provider.charged.size(), 3u) << "a place became free";
}

TEST_F(Desk, many_failures_open_the_breaker_and_one_success_closes_it_again) {
    provider.override_with = server::ProviderAnswer{Kind::unavailable, "down"};
    for (int i = 0; i < 20; ++i) charge("k" + std::to_string(i));
    EXPECT_EQ(guards->reports().front().state, server::BreakerState::open);
    provider.override_with.reset();
    charge("refused");
    EXPECT_EQ(provider.charged.size(), 20u);
    ASSERT_TRUE(is<payment::RecordNotCharged>(20));
    EXPECT_EQ(std::get<payment::RecordNotCharged>(outcomes[20].second).reason, "circuit_open");
    run_for(1);
    std::this_thread::sleep_for(std::chrono::milliseconds{60});
    charge("trial");
    EXPECT_TRUE(is<payment::RecordApproval>(21));
    EXPECT_EQ(guards->reports().front().state, server::BreakerState::closed);
}

TEST_F(Desk, effects_of_a_stopped_context_wait_until_it_is_up) {
    set({.state = ContextState::down, .delay_ms = {}});
    charge("a");
    run_for(5);
    EXPECT_TRUE(provider.charged.empty());
    EXPECT_TRUE(outcomes.empty());
    set({});
    desk->wake();
    EXPECT_TRUE(is<payment::RecordApproval>(0));
}

TEST_F(Desk, an_injected_delay_beyond_the_limit_is_a_timeout_though_the_charge_happens) {
    set({.state = ContextState::up, .delay_ms = {50, 50}});
    charge("a");
    run_for(100);
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_TRUE(is<payment::RecordUnknown>(0));
    EXPECT_EQ(provider.charged.size(), 1u) << "it was sent, only the answer came too late";
}

TEST_F(Desk, an_injected_failure_never_reaches_the_provider) {
    set({.state = ContextState::up, .delay_ms = {}, .fail_per_mille = 1000});
    charge("a");
    EXPECT_TRUE(provider.charged.empty());
    EXPECT_TRUE(is<payment::RecordNotCharged>(0));
}

TEST_F(Desk, a_lost_answer_is_unknown_though_the_charge_happened) {
    set({.state = ContextState::up, .delay_ms = {}, .fail_per_mille = 0, .lose_per_mille = 1000});
    charge("a");
    run_for(60);
    EXPECT_EQ(provider.charged.size(), 1u);
    EXPECT_TRUE(is<payment::RecordUnknown>(0));
}

}  // namespace
}  // namespace yeyak::api
