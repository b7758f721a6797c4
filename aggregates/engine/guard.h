// What a client believes of a stream when it gives a command: looked at in the same decision, so
// that nobody comes between the look and the events.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "eventstore/event_store.h"

namespace yeyak {

// The refusal of a command whose guard does not hold; its version is the one that was found.
inline constexpr std::string_view guard_failed = "wrong_expected_version";

struct Guard {
    std::string stream;
    std::function<bool(eventstore::Version)> holds;  // of the stream's version, 0 when it is empty
};

// The version that breaks the guard, if one does. Sequencer's thread, while it decides: events that
// were staged before count.
inline std::optional<eventstore::Version> broken_at(const std::optional<Guard>& guard,
                                                    eventstore::EventStore& store) {
    if (!guard) return std::nullopt;
    const auto version = store.staged_head(guard->stream);
    if (guard->holds(version)) return std::nullopt;
    return version;
}

}  // namespace yeyak
