#include "server/readers.h"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

namespace yeyak::server {
namespace {

constexpr auto search = static_cast<std::size_t>(ReadKind::search);
// After the thread that serves connections, with the live views; searches after everything else.
constexpr int niceness_of_steps = 5;
constexpr int niceness_of_searches = 10;

}  // namespace

Readers::Readers(ReadersOptions options) : options_(options) {
    for (std::size_t i = 0; i < options_.threads; ++i)
        threads_.emplace_back([this] { run(false, niceness_of_steps); });
    for (std::size_t i = 0; i < options_.search_threads; ++i)
        threads_.emplace_back([this] { run(true, niceness_of_searches); });
}

Readers::~Readers() { stop(); }

void Readers::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    news_.notify_all();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

bool Readers::submit(ReadKind kind, std::string subject, std::function<bool()> step) {
    const auto which = static_cast<std::size_t>(kind);
    {
        const std::lock_guard lock{mutex_};
        ensure(!stopping_, "nobody asks to read from a server that has ended");
        Lane& lane = lanes_[which];
        if (lane.waiting.size() >= options_.limits[which].waiting) {
            ++lane.counts.refused;
            return false;
        }
        lane.waiting.push(subject, std::move(step));
    }
    news_.notify_all();
    return true;
}

std::optional<std::pair<std::size_t, Readers::Step>> Readers::next(bool searches) {
    for (std::size_t i = 0; i < read_kinds; ++i) {
        const auto kind = (turn_ + i) % read_kinds;
        if ((kind == search) != searches) continue;
        Lane& lane = lanes_[kind];
        Step step;
        if (lane.going < options_.limits[kind].at_once && !lane.waiting.empty()) {
            ++lane.going;
            step = lane.waiting.pop();
        } else if (!lane.ready.empty()) {
            step = std::move(lane.ready.front());
            lane.ready.pop_front();
        } else {
            continue;
        }
        turn_ = kind + 1;
        return std::pair{kind, std::move(step)};
    }
    return std::nullopt;
}

void Readers::one_step(std::unique_lock<std::mutex>& lock, std::size_t kind, Step step) {
    lock.unlock();
    const auto began = std::chrono::steady_clock::now();
    const bool done = step();
    const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - began;
    if (done) step = nullptr;  // what it holds is let go outside of the lock
    lock.lock();
    Lane& lane = lanes_[kind];
    lane.counts.longest_step = std::max(lane.counts.longest_step, took);
    if (done) {
        --lane.going;
        ++lane.counts.done;
    } else {
        lane.ready.push_back(std::move(step));
    }
}

void Readers::run(bool searches, int niceness) {
    setpriority(PRIO_PROCESS, 0, niceness);  // of this thread alone
    std::unique_lock lock{mutex_};
    while (!stopping_) {
        auto found = next(searches);
        if (found)
            one_step(lock, found->first, std::move(found->second));
        else
            news_.wait(lock);
    }
}

std::array<Readers::Report, read_kinds> Readers::report() const {
    const std::lock_guard lock{mutex_};
    std::array<Report, read_kinds> all;
    for (std::size_t kind = 0; kind < read_kinds; ++kind) {
        all[kind] = lanes_[kind].counts;
        all[kind].going = lanes_[kind].going;
        all[kind].waiting = lanes_[kind].waiting.size();
    }
    return all;
}

}  // namespace yeyak::server
