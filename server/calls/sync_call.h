// A synchronous call that could be made: it is in flight until this goes out of scope.
#pragma once
#include <string>
#include <utility>

namespace yeyak {
class Clock;
}

namespace yeyak::server {

class CallGuards;

class SyncCall {
  public:
    // Both outlive it.
    SyncCall(CallGuards& guards, const Clock& clock, std::string context)
        : guards_(&guards), clock_(&clock), context_(std::move(context)) {}
    SyncCall(SyncCall&& other) noexcept
        : guards_(std::exchange(other.guards_, nullptr)),
          clock_(other.clock_),
          context_(std::move(other.context_)) {}
    SyncCall& operator=(SyncCall&&) = delete;
    ~SyncCall();

  private:
    CallGuards* guards_;
    const Clock* clock_;
    std::string context_;
};

}  // namespace yeyak::server
