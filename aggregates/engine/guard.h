// What must be so when a command is decided, beside what its rules say: looked at in the same
// decision, so that nobody comes between the look and the events.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "eventstore/event_store.h"

namespace yeyak {

// The refusal of a command whose guard does not hold; its version is the one that was found.
inline constexpr std::string_view guard_failed = "wrong_expected_version";

// Whose something must be: the actor of the first event of a stream, which is durable. So a stream
// that is begun in the meantime is nobody's yet. An empty actor owns nothing.
struct Owned {
    std::string stream;
    std::string actor;
    friend bool operator==(const Owned&, const Owned&) = default;
};

// Sequencer's thread. An error of the store counts as no: nothing is decided on it.
bool holds(const Owned& owned, const eventstore::EventStore& store);

struct Guard {
    std::string stream;
    // Of the stream's version, 0 when it is empty: what the client believes. None: any will do.
    std::function<bool(eventstore::Version)> holds = {};
    // To anybody else the stream is as if it were empty.
    std::optional<Owned> owned = {};
};

// The version that breaks the guard, if one does. Sequencer's thread, while it decides: events that
// were staged before count.
std::optional<eventstore::Version> broken_at(const std::optional<Guard>& guard,
                                             eventstore::EventStore& store);

}  // namespace yeyak
