#include "server/scheduler.h"

#include <algorithm>
#include <chrono>

namespace yeyak::server {

namespace {

// The date may be set on: it is looked at so often, at least.
constexpr std::int64_t longest_wait_ms = 60'000;

}  // namespace

Scheduler::Scheduler(boost::asio::io_context& io, const Clock& clock,
                     std::function<void(std::string)> due)
    : clock_(clock), due_(std::move(due)), timer_(io) {}

void Scheduler::add(Instant due, std::string key) {
    const std::lock_guard lock{mutex_};
    const bool earliest = alarms_.empty() || due < alarms_.top().due;
    alarms_.push({due, std::move(key)});
    if (earliest) arm();
}

void Scheduler::stop() {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
    timer_.cancel();
}

Scheduler::Report Scheduler::report() const {
    const std::lock_guard lock{mutex_};
    Report report;
    report.waiting = alarms_.size();
    if (!alarms_.empty()) report.earliest = alarms_.top().due;
    return report;
}

// With the mutex held. A timer that is armed again drops its earlier wait.
void Scheduler::arm() {
    if (stopped_ || alarms_.empty()) return;
    const auto wait =
        std::clamp<std::int64_t>(alarms_.top().due.ms - clock_.now().ms, 0, longest_wait_ms);
    timer_.expires_after(std::chrono::milliseconds{wait});
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) ring();
    });
}

void Scheduler::ring() {
    std::vector<std::string> keys;
    {
        const std::lock_guard lock{mutex_};
        const Instant now = clock_.now();
        while (!alarms_.empty() && alarms_.top().due <= now) {
            keys.push_back(alarms_.top().key);
            alarms_.pop();
        }
        arm();
    }
    for (auto& key : keys) due_(std::move(key));
}

}  // namespace yeyak::server
