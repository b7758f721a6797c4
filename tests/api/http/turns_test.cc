// Turns between connections, and the watch over handlers.
#include "api/http/turns.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "kernel/edge/watch.h"
#include "tests/api/http/test_server.h"

namespace yeyak::http {
namespace {

namespace asio = boost::asio;
using namespace testing;
using namespace std::chrono_literals;

TEST(FairQueue, lets_subjects_take_turns) {
    FairQueue<int> queue;
    for (int i = 1; i <= 4; ++i) queue.push("crowd", i);
    queue.push("quiet", 10);
    queue.push("other", 20);
    queue.push("quiet", 11);
    std::vector<int> out;
    while (!queue.empty()) out.push_back(queue.pop());
    EXPECT_EQ(out, (std::vector<int>{1, 10, 20, 2, 11, 3, 4}));
}

TEST(FairQueue, forgets_who_has_nothing_left) {
    FairQueue<int> queue;
    queue.push("a", 1);
    EXPECT_EQ(queue.size_of("a"), 1U);
    EXPECT_EQ(queue.pop(), 1);
    EXPECT_EQ(queue.size_of("a"), 0U);
    queue.push("b", 2);
    queue.push("a", 3);
    EXPECT_EQ(queue.pop(), 2);
    EXPECT_EQ(queue.pop(), 3);
}

void work_for(std::chrono::microseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
    }
}

// Does `times` pieces of work that take longer than a slice each.
asio::awaitable<void> worker(Turns& turns, std::string subject, int times, std::string& order) {
    for (int i = 0; i < times; ++i) {
        co_await turns.next(subject);
        work_for(1200us);
        order += subject;
    }
}

TEST(Turns, a_crowd_of_one_address_lets_another_in_between) {
    asio::io_context io;
    const auto turns = std::make_shared<Turns>(io.get_executor());
    std::string order;
    for (int i = 0; i < 8; ++i) asio::co_spawn(io, worker(*turns, "c", 2, order), asio::detached);
    asio::co_spawn(io, worker(*turns, "q", 3, order), asio::detached);
    io.run();
    ASSERT_EQ(order.size(), 19U);
    // Three turns of the quiet one, with not more than one of the crowd between two of them, once
    // all of them have asked for one.
    const auto first = order.find('q');
    EXPECT_LE(first, 2U) << order;
    EXPECT_LE(order.rfind('q'), first + 4) << order;
    EXPECT_EQ(turns->waiting(), 0U);
}

TEST(Turns, sockets_and_timers_are_looked_at_in_between) {
    asio::io_context io;
    const auto turns = std::make_shared<Turns>(io.get_executor());
    std::string order;
    asio::co_spawn(io, worker(*turns, "w", 20, order), asio::detached);
    asio::steady_timer timer{io, 3ms};
    std::size_t done_by_then = 0;
    timer.async_wait([&](auto) { done_by_then = order.size(); });
    io.run();
    EXPECT_EQ(order.size(), 20U);
    EXPECT_LT(done_by_then, 10U) << "the timer rang after 3 ms, and waited for all the work";
}

TEST(Turns, who_waits_when_the_loop_ends_is_let_go) {
    const auto held = std::make_shared<int>(7);
    {
        asio::io_context io;
        const auto turns = std::make_shared<Turns>(io.get_executor());
        std::string order;
        const auto holder = [](Turns& all, std::shared_ptr<int>, std::string& told,
                               asio::io_context& loop) -> asio::awaitable<void> {
            for (;;) {
                co_await all.next("a");
                work_for(1200us);
                told += "a";
                if (told.size() == 3) loop.stop();
            }
        };
        asio::co_spawn(io, holder(*turns, held, order, io), asio::detached);
        asio::co_spawn(io, holder(*turns, held, order, io), asio::detached);
        io.run();
        EXPECT_GT(turns->waiting(), 0U);
    }
    EXPECT_EQ(held.use_count(), 1) << "what waited still holds what it had";
}

TEST(Pipelining, many_requests_of_one_client_do_not_hold_another) {
    TestServer server;
    Client eager{server.port()};
    std::string all;
    for (int i = 0; i < 300; ++i) all += get("/busy");  // 2 ms each: 600 ms together
    eager.send(all);
    ASSERT_TRUE(eager.wait_for("busy"));
    Client quiet{server.port()};
    for (int i = 0; i < 5; ++i) {
        quiet.send(get("/hello"));
        ASSERT_EQ(body_of(quiet.answer()), "hello");
    }
    // All of them must have been answered in between, and not after the last of the three hundred.
    EXPECT_LT(std::ranges::count(server.access_log(), "200 /busy "), 150);
}

TEST(LoopWatch, counts_and_tells_handlers_that_take_long) {
    asio::io_context io;
    std::vector<std::string> told;
    LoopWatch watch{20ms, [&](LoopWatch::Duration took, std::string_view what) {
                        EXPECT_GE(took, 20ms);
                        told.emplace_back(what);
                    }};
    asio::post(io, [] { LoopWatch::about("GET /quick", "id-1"); });
    asio::post(io, [] {
        LoopWatch::about("GET /long", "id-2");
        std::this_thread::sleep_for(25ms);
    });
    asio::post(io, [] { std::this_thread::sleep_for(21ms); });
    watch.run(io);
    EXPECT_EQ(told, (std::vector<std::string>{"GET /long id-2", ""}));
    const auto report = watch.report();
    EXPECT_EQ(report.handlers, 3U);
    EXPECT_EQ(report.slow, 2U);
    EXPECT_GE(report.longest, 25ms);
    EXPECT_GE(report.busy, 46ms);
    std::uint64_t all = 0;
    for (const auto count : report.by_ms) all += count;
    EXPECT_EQ(all, 3U);
}

TEST(LoopWatch, does_not_count_the_time_without_anything_to_do) {
    asio::io_context io;
    int slow = 0;
    LoopWatch watch{20ms, [&](LoopWatch::Duration, std::string_view) { ++slow; }};
    asio::steady_timer timer{io, 60ms};
    timer.async_wait([](auto) {});
    std::thread poster{[&] {
        std::this_thread::sleep_for(30ms);
        asio::post(io, [] {});
    }};
    watch.run(io);
    poster.join();
    EXPECT_EQ(slow, 0);
    EXPECT_LT(watch.report().longest, 20ms);
}

}  // namespace
}  // namespace yeyak::http
