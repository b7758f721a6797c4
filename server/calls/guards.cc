#include "server/calls/guards.h"

namespace yeyak::server {

CallGuards::Guard& CallGuards::of(const std::string& context) {
    return guards_.try_emplace(context, Guard{Breaker{options_.breaker}}).first->second;
}

std::string_view CallGuards::enter(const std::string& context, Instant now) {
    auto& guard = of(context);
    if (!guard.breaker.allow(now)) return "circuit_open";
    if (guard.in_flight >= options_.bulkhead) {
        guard.breaker.record(Breaker::Outcome::rejected, now);
        return "bulkhead_full";
    }
    ++guard.in_flight;
    return {};
}

void CallGuards::leave(const std::string& context, Breaker::Outcome outcome, Instant now) {
    auto& guard = of(context);
    --guard.in_flight;
    guard.breaker.record(outcome, now);
}

std::vector<BreakerReport> CallGuards::reports() const {
    std::vector<BreakerReport> all;
    for (const auto& [context, guard] : guards_) {
        const auto& transitions = guard.breaker.transitions();
        all.push_back({context,
                       guard.breaker.state(),
                       guard.in_flight,
                       guard.breaker.totals(),
                       {transitions.begin(), transitions.end()}});
    }
    return all;
}

}  // namespace yeyak::server
