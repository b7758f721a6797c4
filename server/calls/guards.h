// What stands between a caller and a context that it calls synchronously: a bulkhead (so many calls
// at once, no queue) and a circuit breaker, for each context. One thread.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server/calls/breaker.h"

namespace yeyak::server {

struct GuardOptions {
    std::int64_t bulkhead = 10;  // calls at once, per context
    BreakerOptions breaker;
};

struct BreakerReport {
    std::string context;
    BreakerState state = BreakerState::closed;
    std::int64_t in_flight = 0;
    BreakerCounts counts;
    std::vector<BreakerTransition> transitions;
};

class CallGuards {
  public:
    explicit CallGuards(GuardOptions options) : options_(options) {}

    // Empty when the call may be made: it is in flight until leave(). Otherwise why not:
    // circuit_open or bulkhead_full.
    std::string_view enter(const std::string& context, Instant now);
    void leave(const std::string& context, Breaker::Outcome outcome, Instant now);
    // Every context that was called, in the order of names.
    std::vector<BreakerReport> reports() const;

  private:
    struct Guard {
        Breaker breaker;
        std::int64_t in_flight = 0;
    };
    Guard& of(const std::string& context);

    GuardOptions options_;
    std::map<std::string, Guard> guards_;
};

}  // namespace yeyak::server
