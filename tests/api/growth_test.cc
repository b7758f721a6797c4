// Those who wait for the log to grow, among many who have left.
#include "server/growth.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

namespace yeyak::server {
namespace {

void grow(eventstore::Tail& tail) {
    auto event = std::make_shared<eventstore::RecordedEvent>();
    event->position = tail.head() + 1;
    tail.publish({event});
}

TEST(Growth, is_told_to_all_who_still_wait_and_once) {
    boost::asio::io_context io;
    eventstore::Tail tail;
    Growth growth{io, tail};
    std::vector<NewsPtr> stay;
    for (int i = 0; i < 10'000; ++i) {
        const auto news = growth.watch(io.get_executor());
        if (i % 100 == 0) stay.push_back(news);
    }
    std::vector<std::future<bool>> told;
    for (const auto& news : stay)
        told.push_back(boost::asio::co_spawn(io, news->wait(std::chrono::minutes{1}),
                                             boost::asio::use_future));
    grow(tail);
    io.run();
    for (auto& one : told) EXPECT_TRUE(one.get());
    const auto late = growth.watch(io.get_executor());
    auto nothing = boost::asio::co_spawn(io, late->wait(std::chrono::milliseconds{1}),
                                         boost::asio::use_future);
    io.restart();
    io.run();
    EXPECT_FALSE(nothing.get());
}

}  // namespace
}  // namespace yeyak::server
