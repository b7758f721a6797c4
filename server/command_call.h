// A command as a route gives it, and what became of it.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "aggregates/engine/guard.h"
#include "aggregates/engine/reply.h"
#include "eventstore/event.h"
#include "kernel/message.h"

namespace yeyak {
class Unit;
struct Verdict;
}  // namespace yeyak

namespace yeyak::server {

// See yeyak::Request for the fields.
struct CommandCall {
    Cause cause;
    std::string idempotency_key;
    std::string fingerprint;
    std::optional<Guard> guard;
    std::function<Verdict(Unit&)> decide;
};

// `history` is the command's stream up to and with the event that was waited for; empty when it did
// not come within the reply timeout, or nothing was waited for.
struct Awaited {
    Reply reply;
    std::vector<eventstore::EventPtr> history;
};

}  // namespace yeyak::server
