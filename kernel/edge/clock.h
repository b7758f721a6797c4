// The program's clock: real time, or real time moved so that the program began at a given instant
// (serve --now). The only place that asks the system for the date. Any thread.
#pragma once
#include <chrono>
#include <optional>

#include "kernel/time.h"

namespace yeyak {

class Clock {
  public:
    explicit Clock(std::optional<Instant> begin_at = std::nullopt)
        : begin_(begin_at.value_or(system_now())), started_(std::chrono::steady_clock::now()) {}

    // Never goes back while the program runs, whatever happens to the system's date.
    Instant now() const {
        const auto passed = std::chrono::steady_clock::now() - started_;
        return begin_ + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count();
    }

  private:
    static Instant system_now() {
        const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
        return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
    }
    Instant begin_;
    std::chrono::steady_clock::time_point started_;
};

}  // namespace yeyak
