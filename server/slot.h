// A place for one value that a coroutine waits for. The value may come before, while or after it is
// waited for; after a deadline it is dropped. The value is put on any thread, the wait happens on
// one executor.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "kernel/ensure.h"

namespace yeyak::server {

template <class T>
class Slot : public std::enable_shared_from_this<Slot<T>> {
  public:
    explicit Slot(const boost::asio::any_io_executor& executor)
        : timer_(executor, std::chrono::steady_clock::time_point::max()) {}

    void put(T value) {
        auto arrive = [self = this->shared_from_this(), v = std::move(value)]() mutable {
            self->value_.emplace(std::move(v));
            self->timer_.cancel();
        };
        boost::asio::dispatch(timer_.get_executor(), std::move(arrive));
    }

    boost::asio::awaitable<std::optional<T>> wait(std::chrono::milliseconds timeout) {
        if (!value_) {
            timer_.expires_after(timeout);
            constexpr auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
            co_await timer_.async_wait(token);
        }
        co_return std::exchange(value_, std::nullopt);
    }

    // For a value that is sure to come: whoever was asked for it always answers, and the longest
    // answer is a reading of the whole log. Without it nothing true can be said any more.
    boost::asio::awaitable<T> value(std::chrono::milliseconds limit = std::chrono::hours{24}) {
        auto come = co_await wait(limit);
        ensure(come.has_value(), "what was asked for comes within a day");
        co_return *std::move(come);
    }

  private:
    boost::asio::steady_timer timer_;
    std::optional<T> value_;
};

}  // namespace yeyak::server
