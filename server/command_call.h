// A command as a route gives it, and what became of it.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "aggregates/engine/guard.h"
#include "aggregates/engine/reply.h"
#include "eventstore/event.h"
#include "kernel/message.h"

namespace yeyak {
class Unit;
struct Verdict;
namespace privacy {
class Sealer;
}
}  // namespace yeyak

namespace yeyak::server {

using Decide = std::function<Verdict(Unit&)>;

// A command with personal fields: whose they are (a handle of privacy/person.h, or empty when it
// brings none after all), and how the command is made once there is somebody who seals them.
struct PersonalCommand {
    std::string person;
    std::function<Decide(const privacy::Sealer&)> sealed;
};

// See yeyak::CommandWork for the fields.
struct CommandCall {
    Cause cause;
    std::string idempotency_key;
    std::string fingerprint;
    std::optional<Guard> guard;
    std::variant<Decide, PersonalCommand> command;
};

// `history` is the command's stream up to and with the event that was waited for; empty when it did
// not come within the reply timeout, or nothing was waited for.
struct Awaited {
    Reply reply;
    std::vector<eventstore::EventPtr> history;
};

}  // namespace yeyak::server
