// A circuit breaker as a value: time is an argument, nothing waits here. Closed, it counts the
// calls of a rolling window; when enough were made and too many failed it opens and refuses all
// calls for a while; then one call may try (half open), and its success closes the breaker. The
// behaviour and the defaults are those of Hystrix 1.5, which the founding documents were measured
// with. One thread.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <deque>

#include "kernel/time.h"

namespace yeyak::server {

struct BreakerOptions {
    std::int64_t window_ms = 10'000;
    std::int64_t volume_threshold = 20;  // fewer calls in the window never open it
    std::int64_t error_percent = 50;
    std::int64_t sleep_ms = 5'000;
};

enum class BreakerState { closed, open, half_open };
BOOST_DESCRIBE_ENUM(BreakerState, closed, open, half_open)

struct BreakerTransition {
    Instant at;
    BreakerState from = BreakerState::closed;
    BreakerState to = BreakerState::closed;
};

struct BreakerCounts {
    std::int64_t succeeded = 0;
    std::int64_t failed = 0;
    std::int64_t timed_out = 0;
    std::int64_t rejected = 0;         // bulkhead full
    std::int64_t short_circuited = 0;  // breaker open
    std::int64_t opened = 0;
};

class Breaker {
  public:
    enum class Outcome { success, failure, timeout, rejected };

    explicit Breaker(BreakerOptions options) : options_(options) {}

    // Whether a call may be made now. In half_open only one at a time.
    bool allow(Instant now);
    void record(Outcome outcome, Instant now);

    BreakerState state() const { return state_; }
    const BreakerCounts& totals() const { return totals_; }
    // The newest ones, oldest first.
    const std::deque<BreakerTransition>& transitions() const { return transitions_; }
    static constexpr std::size_t transitions_kept = 20;

  private:
    struct Call {
        Instant at;
        bool failed;
    };
    void forget_before(Instant oldest);
    void open(Instant now);
    void become(BreakerState state, Instant now);

    BreakerOptions options_;
    BreakerState state_ = BreakerState::closed;
    Instant try_at_;
    bool trying_ = false;
    std::deque<Call> window_;
    std::int64_t failed_in_window_ = 0;
    BreakerCounts totals_;
    std::deque<BreakerTransition> transitions_;
};

}  // namespace yeyak::server
