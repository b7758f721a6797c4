// The program's clock: real time, or real time moved so that the program began at a given instant
// (serve --now). The only place that asks the system for the date. Any thread.
//
// It follows the system's date forward, when somebody sets it on or the machine slept, and never
// goes back: then it goes on at its own pace until the date has caught up. Times in the log do not
// decrease while a program runs.
#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>

#include "kernel/time.h"

namespace yeyak {

class Clock {
  public:
    // What the clock reads; tests move them.
    struct Sources {
        std::int64_t (*date_ms)() = [] { return in_ms(std::chrono::system_clock::now()); };
        std::int64_t (*steady_ms)() = [] { return in_ms(std::chrono::steady_clock::now()); };
    };

    explicit Clock(std::optional<Instant> begin_at = std::nullopt) : Clock(begin_at, Sources{}) {}
    Clock(std::optional<Instant> begin_at, Sources sources)
        : sources_(sources), ahead_(sources_.date_ms() - sources_.steady_ms()) {
        if (begin_at) moved_ = begin_at->ms - (sources_.steady_ms() + ahead_);
    }

    Instant now() const {
        // The date first: what passes between the readings must not add up.
        const auto date = sources_.date_ms();
        const auto steady = sources_.steady_ms();
        auto ahead = ahead_.load(std::memory_order_relaxed);
        while (ahead < date - steady && !ahead_.compare_exchange_weak(ahead, date - steady)) {
        }
        return {steady + std::max(ahead, date - steady) + moved_};
    }

  private:
    template <class Time>
    static std::int64_t in_ms(Time time) {
        return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
    }

    Sources sources_;
    std::int64_t moved_ = 0;
    mutable std::atomic<std::int64_t> ahead_;  // of the steady clock; it only grows
};

}  // namespace yeyak
