// Wakes durable timers when they are due. The timers themselves are entries of the store, written
// with the events that set them; this is only the alarm clock, refilled from the store at start.
// On the I/O context; add() may be called from any thread.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <mutex>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "kernel/edge/clock.h"
#include "kernel/time.h"

namespace yeyak::server {

class Scheduler {
  public:
    // `due` is called on the I/O context with the key of a timer whose time has come.
    Scheduler(boost::asio::io_context& io, const Clock& clock,
              std::function<void(std::string key)> due);
    void add(Instant due, std::string key);
    void stop();

    struct Report {
        std::size_t waiting = 0;
        std::optional<Instant> earliest;  // when the next one is due
    };
    Report report() const;  // any thread

  private:
    struct Alarm {
        Instant due;
        std::string key;
        bool operator>(const Alarm& other) const { return due > other.due; }
    };
    void arm();
    void ring();

    const Clock& clock_;
    std::function<void(std::string)> due_;
    mutable std::mutex mutex_;
    std::priority_queue<Alarm, std::vector<Alarm>, std::greater<>> alarms_;
    boost::asio::steady_timer timer_;
    bool stopped_ = false;
};

}  // namespace yeyak::server
