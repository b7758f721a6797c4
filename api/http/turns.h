// Turns on the thread that serves all connections. Who has something to do that takes more than
// some microseconds (a request, a piece of a stream) asks for a turn first. While there is nothing
// to share, the turn comes at once; otherwise everybody waits in a queue that is fair between
// addresses, and is given his turn between looks at the sockets. So whatever one client sends, and
// over however many connections, another address waits for one turn of each address before it.
//
// Thread-safe. Who waits goes on, on his own executor.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "kernel/fair_queue.h"

namespace yeyak::http {

class Turns : public std::enable_shared_from_this<Turns> {
  public:
    // Turns are given on `executor`, for so long before the sockets are looked at again.
    explicit Turns(boost::asio::any_io_executor executor,
                   std::chrono::microseconds slice = std::chrono::milliseconds{1})
        : executor_(std::move(executor)), slice_(slice) {}

    boost::asio::awaitable<void> next(const std::string& subject);

    std::size_t waiting() const;

  private:
    using Resume = std::move_only_function<void()>;
    class Round;

    bool may_go_on() const;
    void wait(const std::string& subject, Resume resume);
    void give();
    void forget();

    const boost::asio::any_io_executor executor_;
    const std::chrono::microseconds slice_;
    mutable std::mutex mutex_;
    FairQueue<Resume> queue_;
    bool round_posted_ = false;  // as long as somebody waits
};

}  // namespace yeyak::http
