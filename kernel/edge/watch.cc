#include "kernel/edge/watch.h"

#include <sys/epoll.h>

#include <algorithm>
#include <string>

namespace yeyak {

using Clock = std::chrono::steady_clock;

namespace {

struct Thread {
    Clock::time_point woken{};
    std::string about;  // keeps its room: no allocation for each handler
};

Thread& this_thread() {
    thread_local Thread thread;
    return thread;
}

}  // namespace

int wait_for_events(int fd, epoll_event* events, int most, int timeout_ms) {
    const int ready = ::epoll_wait(fd, events, most, timeout_ms);
    const int error = errno;
    this_thread().woken = Clock::now();
    errno = error;
    return ready;
}

void LoopWatch::about(std::string_view what, std::string_view id) {
    this_thread().about.assign(what).append(" ").append(id);
}

Clock::time_point LoopWatch::last_wait() { return this_thread().woken; }

void LoopWatch::run(boost::asio::io_context& io) {
    Thread& thread = this_thread();
    auto began = Clock::now();
    while (io.run_one() > 0) {
        const auto ended = Clock::now();
        note(ended - std::max(began, thread.woken));
        thread.about.clear();
        began = ended;
    }
}

void LoopWatch::note(Duration took) {
    std::size_t slot = 0;
    for (auto ms = std::chrono::milliseconds{1}; slot + 1 < report_.by_ms.size() && took >= ms;
         ms *= 2)
        ++slot;
    {
        const std::lock_guard lock{mutex_};
        ++report_.handlers;
        ++report_.by_ms[slot];
        report_.busy += took;
        report_.longest = std::max(report_.longest, took);
        if (took >= limit_) ++report_.slow;
    }
    if (took >= limit_ && on_slow_) on_slow_(took, this_thread().about);
}

LoopWatch::Report LoopWatch::report() const {
    const std::lock_guard lock{mutex_};
    return report_;
}

}  // namespace yeyak
