// A server that runs within a test, without sockets: its faces are called on the test's own loop.
#pragma once
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <memory>

#include "server/runtime.h"
#include "tests/api/temp_folder.h"
#include "tests/systems.h"

namespace yeyak::server {

class RunningServer : public ::testing::Test {
  protected:
    void SetUp() override {
        config_.data = folder_.path() / "data";
        auto started = Runtime::start(config_, {{}, tests::all_views(), {}}, io_, [] {});
        ASSERT_TRUE(started.has_value()) << started.error().detail;
        runtime_ = *std::move(started);
    }

    template <class T>
    T run(boost::asio::awaitable<T> work) {
        using namespace std::chrono_literals;
        auto done = boost::asio::co_spawn(io_, std::move(work), boost::asio::use_future);
        io_.restart();
        while (done.wait_for(0s) != std::future_status::ready) io_.run_one_for(10ms);
        return done.get();
    }

    api::TempFolder folder_;
    ServeConfig config_;
    boost::asio::io_context io_;
    std::unique_ptr<Runtime> runtime_;
};

}  // namespace yeyak::server
