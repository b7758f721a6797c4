// The pool for readings: steps, turns of kinds and subjects, places, bounds, an end.
#include "server/readers.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <semaphore>

namespace yeyak::server {
namespace {

using namespace std::chrono_literals;

ReadersOptions one_thread() {
    ReadersOptions options;
    options.threads = 1;
    options.search_threads = 1;
    return options;
}

// What was done in which order, on any thread.
class Order {
  public:
    void add(std::string what) {
        const std::lock_guard lock{mutex_};
        done_ += what;
    }
    std::string text() const {
        const std::lock_guard lock{mutex_};
        return done_;
    }
    bool wait_for(std::size_t count) const {
        for (int i = 0; i < 2000 && text().size() < count; ++i) std::this_thread::sleep_for(5ms);
        return text().size() >= count;
    }

  private:
    mutable std::mutex mutex_;
    std::string done_;
};

// A reading of so many steps that writes its letter at each.
std::function<bool()> steps(Order& order, std::string letter, int count) {
    return [&order, letter, left = std::make_shared<int>(count)] {
        order.add(letter);
        return --*left == 0;
    };
}

// Holds the only thread until everything is submitted.
class Held {
  public:
    explicit Held(Readers& readers, ReadKind kind = ReadKind::piece) {
        readers.submit(kind, "holder", [this] {
            begun.release();
            go.acquire();
            return true;
        });
        begun.acquire();
    }
    std::binary_semaphore begun{0};
    std::binary_semaphore go{0};
};

TEST(Readers, kinds_take_turns_step_by_step) {
    Order order;
    Readers readers{one_thread()};
    Held held{readers};
    readers.submit(ReadKind::scan, "a", steps(order, "s", 6));
    readers.submit(ReadKind::page, "b", steps(order, "p", 3));
    held.go.release();
    ASSERT_TRUE(order.wait_for(9));
    EXPECT_EQ(order.text(), "pspspssss");
}

TEST(Readers, a_crowd_of_one_subject_lets_another_in_between) {
    Order order;
    auto options = one_thread();
    options.limits[static_cast<std::size_t>(ReadKind::scan)].at_once = 1;
    Readers readers{options};
    Held held{readers};
    for (int i = 0; i < 5; ++i) readers.submit(ReadKind::scan, "crowd", steps(order, "c", 2));
    readers.submit(ReadKind::scan, "quiet", steps(order, "q", 2));
    held.go.release();
    ASSERT_TRUE(order.wait_for(12));
    EXPECT_EQ(order.text(), "ccqqcccccccc");
}

TEST(Readers, so_many_are_under_way_at_a_time) {
    Order order;
    auto options = one_thread();
    options.limits[static_cast<std::size_t>(ReadKind::page)].at_once = 2;
    Readers readers{options};
    Held held{readers};
    for (const char* letter : {"1", "2", "3"})
        readers.submit(ReadKind::page, letter, steps(order, letter, 3));
    held.go.release();
    ASSERT_TRUE(order.wait_for(9));
    EXPECT_EQ(order.text().find('3'), 5U) << order.text() << ": the third begins after the first";
}

TEST(Readers, a_search_holds_up_no_page) {
    Order order;
    Readers readers{one_thread()};
    Held searching{readers, ReadKind::search};
    readers.submit(ReadKind::page, "a", steps(order, "p", 2));
    EXPECT_TRUE(order.wait_for(2));
    searching.go.release();
}

TEST(Readers, more_than_may_wait_are_refused) {
    auto options = one_thread();
    options.limits[static_cast<std::size_t>(ReadKind::scan)] = {1, 2};
    Readers readers{options};
    Order order;
    Held held{readers, ReadKind::scan};
    EXPECT_TRUE(readers.submit(ReadKind::scan, "a", steps(order, "1", 1)));
    EXPECT_TRUE(readers.submit(ReadKind::scan, "a", steps(order, "2", 1)));
    EXPECT_FALSE(readers.submit(ReadKind::scan, "a", steps(order, "3", 1)));
    held.go.release();
    ASSERT_TRUE(order.wait_for(2));
    const auto report = readers.report()[static_cast<std::size_t>(ReadKind::scan)];
    EXPECT_EQ(report.refused, 1U);
    EXPECT_EQ(report.waiting, 0U);
    EXPECT_TRUE(readers.submit(ReadKind::scan, "a", steps(order, "4", 1)));
    EXPECT_TRUE(order.wait_for(3));
}

TEST(Readers, the_end_waits_for_steps_under_way_and_for_nothing_else) {
    Order order;
    {
        Readers readers{one_thread()};
        auto held = std::make_unique<Held>(readers);
        readers.submit(ReadKind::page, "a", steps(order, "p", 1'000'000));
        std::thread letting_go{[&] {
            std::this_thread::sleep_for(20ms);
            held->go.release();
        }};
        readers.stop();
        letting_go.join();
    }
    EXPECT_LE(order.text().size(), 1U);
}

TEST(Readers, a_coroutine_gets_what_was_read_or_what_was_thrown) {
    boost::asio::io_context io;
    Readers readers{one_thread()};
    std::string found;
    const auto reading = [](Readers& pool, std::string& told) -> boost::asio::awaitable<void> {
        int calls = 0;
        const std::function<std::optional<int>()> step = [&calls]() -> std::optional<int> {
            if (++calls < 3) return std::nullopt;
            return calls * 10;
        };
        const auto value = co_await pool.read<int>(ReadKind::page, "a", step);
        told = std::to_string(value.value_or(0));
        const std::function<std::optional<int>()> bad = []() -> std::optional<int> {
            throw std::runtime_error{" and a bug"};
        };
        try {
            co_await pool.read<int>(ReadKind::page, "a", bad);
        } catch (const std::runtime_error& error) {
            told += error.what();
        }
    };
    boost::asio::co_spawn(io, reading(readers, found), boost::asio::detached);
    io.run();
    EXPECT_EQ(found, "30 and a bug");
}

}  // namespace
}  // namespace yeyak::server
