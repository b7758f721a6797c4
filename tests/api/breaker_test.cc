// The circuit breaker, with time as an argument.
#include "server/calls/breaker.h"

#include <gtest/gtest.h>

namespace yeyak::api {
namespace {

constexpr server::BreakerOptions defaults{};
using Outcome = server::Breaker::Outcome;

Instant at(std::int64_t ms) { return {1'000'000 + ms}; }

// `failed` of `calls` calls fail, one each millisecond from `begin` on.
void make_calls(server::Breaker& breaker, int calls, int failed, std::int64_t begin = 0) {
    for (int i = 0; i < calls; ++i) {
        ASSERT_TRUE(breaker.allow(at(begin + i)));
        breaker.record(i < calls - failed ? Outcome::success : Outcome::failure, at(begin + i));
    }
}

TEST(Breaker, stays_closed_below_the_volume_however_many_fail) {
    server::Breaker breaker{defaults};
    make_calls(breaker, 19, 19);
    EXPECT_EQ(breaker.state(), server::BreakerState::closed);
}

TEST(Breaker, opens_at_the_volume_when_half_failed) {
    server::Breaker breaker{defaults};
    make_calls(breaker, 20, 10);
    EXPECT_EQ(breaker.state(), server::BreakerState::open);
    EXPECT_FALSE(breaker.allow(at(20)));
    EXPECT_EQ(breaker.totals().short_circuited, 1);
    EXPECT_EQ(breaker.totals().opened, 1);
}

TEST(Breaker, stays_closed_when_fewer_than_half_failed) {
    server::Breaker breaker{defaults};
    make_calls(breaker, 20, 9);
    EXPECT_EQ(breaker.state(), server::BreakerState::closed);
}

TEST(Breaker, forgets_what_left_the_window) {
    server::Breaker breaker{defaults};
    make_calls(breaker, 19, 19);
    make_calls(breaker, 19, 0, 10'050);
    EXPECT_EQ(breaker.state(), server::BreakerState::closed);
    make_calls(breaker, 1, 1, 10'100);  // 1 of 20 in the window
    EXPECT_EQ(breaker.state(), server::BreakerState::closed);
}

TEST(Breaker, timeouts_and_rejections_count_as_failures) {
    server::Breaker breaker{defaults};
    for (int i = 0; i < 10; ++i) breaker.record(Outcome::timeout, at(i));
    for (int i = 10; i < 20; ++i) breaker.record(Outcome::rejected, at(i));
    EXPECT_EQ(breaker.state(), server::BreakerState::open);
}

TEST(Breaker, tries_one_call_after_the_sleep_and_closes_on_success) {
    server::Breaker breaker{defaults};
    make_calls(breaker, 20, 20);
    EXPECT_FALSE(breaker.allow(at(19 + 4'999)));
    EXPECT_TRUE(breaker.allow(at(19 + 5'000)));
    EXPECT_EQ(breaker.state(), server::BreakerState::half_open);
    EXPECT_FALSE(breaker.allow(at(19 + 5'001))) << "one call at a time";
    breaker.record(Outcome::success, at(19 + 5'010));
    EXPECT_EQ(breaker.state(), server::BreakerState::closed);
    EXPECT_TRUE(breaker.allow(at(19 + 5'011)));
}

TEST(Breaker, opens_again_when_the_trial_fails) {
    server::Breaker breaker{defaults};
    make_calls(breaker, 20, 20);
    ASSERT_TRUE(breaker.allow(at(6'000)));
    breaker.record(Outcome::timeout, at(6'620));
    EXPECT_EQ(breaker.state(), server::BreakerState::open);
    EXPECT_FALSE(breaker.allow(at(11'619)));
    EXPECT_TRUE(breaker.allow(at(11'620)));
}

TEST(Breaker, after_it_closed_old_failures_are_forgotten) {
    server::Breaker breaker{defaults};
    make_calls(breaker, 20, 20);
    ASSERT_TRUE(breaker.allow(at(5'100)));
    breaker.record(Outcome::success, at(5'100));
    breaker.record(Outcome::failure, at(5'101));
    EXPECT_EQ(breaker.state(), server::BreakerState::closed);
}

TEST(Breaker, an_answer_to_a_call_from_before_it_opened_changes_nothing) {
    server::Breaker breaker{defaults};
    make_calls(breaker, 20, 20);
    breaker.record(Outcome::success, at(30));
    EXPECT_EQ(breaker.state(), server::BreakerState::open);
}

TEST(Breaker, remembers_its_newest_transitions) {
    server::Breaker breaker{{.volume_threshold = 1, .sleep_ms = 10}};
    Instant now{1000};
    for (std::size_t i = 0; i < server::Breaker::transitions_kept; ++i) {
        ASSERT_TRUE(breaker.allow(now));
        breaker.record(server::Breaker::Outcome::failure, now);
        now = now + 10;
    }
    const auto& told = breaker.transitions();
    ASSERT_EQ(told.size(), server::Breaker::transitions_kept);
    EXPECT_EQ(told.back().from, server::BreakerState::half_open);
    EXPECT_EQ(told.back().to, server::BreakerState::open);
    EXPECT_EQ(told.back().at, now + -10);
    for (std::size_t i = 1; i < told.size(); ++i) {
        EXPECT_EQ(told[i - 1].to, told[i].from);
        EXPECT_LE(told[i - 1].at, told[i].at);
    }
}

}  // namespace
}  // namespace yeyak::api
