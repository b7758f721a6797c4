#include "server/calls/breaker.h"

namespace yeyak::server {

bool Breaker::allow(Instant now) {
    if (state_ == BreakerState::closed) return true;
    if (state_ == BreakerState::open && now >= try_at_) {
        become(BreakerState::half_open, now);
        trying_ = false;
    }
    if (state_ == BreakerState::half_open && !trying_) {
        trying_ = true;
        return true;
    }
    ++totals_.short_circuited;
    return false;
}

void Breaker::record(Outcome outcome, Instant now) {
    const bool failed = outcome != Outcome::success;
    switch (outcome) {
        case Outcome::success:
            ++totals_.succeeded;
            break;
        case Outcome::failure:
            ++totals_.failed;
            break;
        case Outcome::timeout:
            ++totals_.timed_out;
            break;
        case Outcome::rejected:
            ++totals_.rejected;
            break;
    }
    if (state_ == BreakerState::half_open) {
        trying_ = false;
        if (failed) return open(now);
        become(BreakerState::closed, now);
        window_.clear();
        failed_in_window_ = 0;
        return;
    }
    if (state_ == BreakerState::open) return;  // the answer to a call made before it opened
    forget_before(now + -options_.window_ms);
    window_.push_back({now, failed});
    failed_in_window_ += failed ? 1 : 0;
    const auto calls = static_cast<std::int64_t>(window_.size());
    if (calls >= options_.volume_threshold &&
        failed_in_window_ * 100 >= calls * options_.error_percent)
        open(now);
}

void Breaker::forget_before(Instant oldest) {
    while (!window_.empty() && window_.front().at < oldest) {
        failed_in_window_ -= window_.front().failed ? 1 : 0;
        window_.pop_front();
    }
}

void Breaker::become(BreakerState state, Instant now) {
    transitions_.push_back({now, state_, state});
    if (transitions_.size() > transitions_kept) transitions_.pop_front();
    state_ = state;
}

void Breaker::open(Instant now) {
    become(BreakerState::open, now);
    try_at_ = now + options_.sleep_ms;
    ++totals_.opened;
}

}  // namespace yeyak::server
