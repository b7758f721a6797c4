// A value that a coroutine waits for: whoever asks for what is sure to come is not lied to.
#include "server/slot.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <thread>

namespace yeyak::server {
namespace {

using std::chrono::milliseconds;

std::future<int> await_value(boost::asio::io_context& io, std::shared_ptr<Slot<int>> slot,
                             milliseconds limit) {
    return boost::asio::co_spawn(io, slot->value(limit), boost::asio::use_future);
}

TEST(Slot, gives_a_value_that_another_thread_puts_later) {
    boost::asio::io_context io;
    const auto slot = std::make_shared<Slot<int>>(io.get_executor());
    auto value = await_value(io, slot, std::chrono::minutes{1});
    std::thread other{[slot] { slot->put(17); }};
    io.run();
    other.join();
    EXPECT_EQ(value.get(), 17);
}

TEST(Slot, gives_a_value_that_was_there_before) {
    boost::asio::io_context io;
    const auto slot = std::make_shared<Slot<int>>(io.get_executor());
    slot->put(18);
    auto value = await_value(io, slot, milliseconds{0});
    io.run();
    EXPECT_EQ(value.get(), 18);
}

TEST(SlotDeathTest, ends_the_program_when_a_value_that_is_sure_to_come_does_not) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(
        {
            boost::asio::io_context io;
            const auto slot = std::make_shared<Slot<int>>(io.get_executor());
            auto value = await_value(io, slot, milliseconds{1});
            io.run();
        },
        "broken invariant: what was asked for comes within a day");
}

}  // namespace
}  // namespace yeyak::server
