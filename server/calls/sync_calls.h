// A synchronous call from one context into another, such as reservation -> product. In one process
// the call itself is part of the command's commit; what would stand before it in a network stands
// here: time limit, bulkhead, circuit breaker, and the delays and failures that were injected into
// the context called. It is made before the command, so that a call that fails leaves nothing
// behind. I/O context only.
//
//   auto call = co_await calls.begin("product", 610);
//   if (!call) co_return not_called(...call.error()...);
//   … the command …                      the call is in flight until `call` goes out of scope
#pragma once
#include <boost/asio/awaitable.hpp>
#include <expected>
#include <string>
#include <string_view>

#include "aggregates/engine/contexts.h"
#include "kernel/edge/clock.h"
#include "server/calls/faults.h"
#include "server/calls/guards.h"
#include "server/calls/sync_call.h"

namespace yeyak::server {

class SyncCalls {
  public:
    SyncCalls(CallGuards& guards, const Clock& clock, const Contexts& contexts, std::uint64_t seed)
        : guards_(guards), clock_(clock), contexts_(contexts), faults_(seed) {}

    // The error says why: context_down, circuit_open, bulkhead_full, timeout or failed.
    boost::asio::awaitable<std::expected<SyncCall, std::string_view>> begin(
        std::string context, std::int64_t timeout_ms);

  private:
    CallGuards& guards_;
    const Clock& clock_;
    const Contexts& contexts_;
    Faults faults_;
};

}  // namespace yeyak::server
