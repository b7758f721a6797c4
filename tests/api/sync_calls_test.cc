// Synchronous calls between contexts: stopped, slowed, failing and crowded ones, and what the
// breaker learns. Real timers, with limits of a few milliseconds.
#include "server/calls/sync_calls.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

namespace yeyak::api {
namespace {

using Begun = std::expected<server::SyncCall, std::string_view>;

boost::asio::awaitable<void> begin_one(server::SyncCalls& calls, std::int64_t timeout_ms,
                                       std::vector<Begun>& begun) {
    auto call = co_await calls.begin("product", timeout_ms);
    begun.push_back(std::move(call));
}

class Calls : public ::testing::Test {
  protected:
    Calls() { contexts.add("product"); }

    void begin(int times, std::int64_t timeout_ms = 20) {
        for (int i = 0; i < times; ++i)
            boost::asio::co_spawn(io, begin_one(calls, timeout_ms, begun), boost::asio::detached);
        io.restart();
        io.run();
    }
    std::string why(std::size_t i) const {
        return begun.at(i) ? "called" : std::string{begun.at(i).error()};
    }
    server::BreakerReport report() const { return guards.reports().front(); }

    boost::asio::io_context io;
    Clock clock;
    Contexts contexts;
    server::CallGuards guards{server::GuardOptions{.bulkhead = 2, .breaker = {.sleep_ms = 50}}};
    server::SyncCalls calls{guards, clock, contexts, 1};
    std::vector<Begun> begun;
};

TEST_F(Calls, are_in_flight_until_they_are_let_go) {
    begin(2);
    EXPECT_EQ(why(0), "called");
    EXPECT_EQ(report().in_flight, 2);
    begin(1);
    EXPECT_EQ(why(2), "bulkhead_full");
    begun.clear();
    EXPECT_EQ(report().in_flight, 0);
    EXPECT_EQ(report().counts.succeeded, 2);
    EXPECT_EQ(report().counts.rejected, 1);
    begin(1);
    EXPECT_EQ(why(0), "called");
}

TEST_F(Calls, a_stopped_context_is_not_called_and_nothing_is_learnt) {
    contexts.set("product", {.state = ContextState::down});
    begin(30);
    EXPECT_EQ(why(29), "context_down");
    EXPECT_TRUE(guards.reports().empty());
    contexts.set("product", {});
    begun.clear();
    begin(1);
    EXPECT_EQ(why(0), "called");
}

TEST_F(Calls, a_delay_beyond_the_limit_is_a_timeout) {
    contexts.set("product", {.delay_ms = {40, 40}});
    begin(1);
    EXPECT_EQ(why(0), "timeout");
    EXPECT_EQ(report().counts.timed_out, 1);
    EXPECT_EQ(report().in_flight, 0);
    contexts.set("product", {.delay_ms = {5, 5}});
    begin(1);
    EXPECT_EQ(why(1), "called");
}

TEST_F(Calls, failures_open_the_breaker_and_a_success_closes_it) {
    contexts.set("product", {.fail_per_mille = 1000});
    for (int i = 0; i < 20; ++i) begin(1);
    EXPECT_EQ(why(19), "failed");
    EXPECT_EQ(report().state, server::BreakerState::open);
    contexts.set("product", {});
    begin(1);
    EXPECT_EQ(why(20), "circuit_open");
    std::this_thread::sleep_for(std::chrono::milliseconds{60});
    begun.clear();
    begin(1);
    EXPECT_EQ(why(0), "called");
    begun.clear();
    EXPECT_EQ(report().state, server::BreakerState::closed);
}

}  // namespace
}  // namespace yeyak::api
