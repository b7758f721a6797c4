// Times every handler that an io_context runs. Whatever runs there holds up everybody else whom
// that thread serves, so a handler that takes long is counted and told.
//
// run() takes the place of io_context::run() on one thread; report() may be called from any. Time
// in which the thread waits for sockets and timers belongs to no handler.
#pragma once
#include <array>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>

struct epoll_event;

namespace yeyak {

class LoopWatch {
  public:
    using Duration = std::chrono::nanoseconds;

    // `what` lives as long as the call.
    using OnSlow = std::function<void(Duration took, std::string_view what)>;

    // `on_slow` is called right after a handler that took `limit` or longer, on the loop's thread.
    LoopWatch(Duration limit, OnSlow on_slow) : limit_(limit), on_slow_(std::move(on_slow)) {}

    // Runs the handlers of `io` until it is stopped or has nothing to do.
    void run(boost::asio::io_context& io);

    struct Report {
        std::uint64_t handlers = 0;
        std::uint64_t slow = 0;  // took the limit or longer
        Duration longest{0};
        Duration busy{0};  // all handlers together
        // How many took less than 1, 2, 4, ... 512 ms; the last one counts all that took longer.
        std::array<std::uint64_t, 11> by_ms{};
    };
    Report report() const;
    Duration limit() const { return limit_; }

    // Says what the handler is about that runs on this thread, such as a route and the id of its
    // request; of several the last one counts.
    static void about(std::string_view what, std::string_view id);
    // When this thread last came back from waiting for events: the handlers that became ready then
    // may still wait for those before them.
    static std::chrono::steady_clock::time_point last_wait();

  private:
    void note(Duration took);

    const Duration limit_;
    const OnSlow on_slow_;
    mutable std::mutex mutex_;
    Report report_;
};

// epoll_wait(2), for Asio alone (boost_impl.cc).
int wait_for_events(int fd, epoll_event* events, int most, int timeout_ms);

}  // namespace yeyak
