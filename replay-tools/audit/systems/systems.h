// What the auditor must know of the systems on the platform: which events they write and how to
// read them, which sagas they run, what their orders are worth, and what must hold between them. A
// system says it in a file here, which its manifest names (program/systems/).
#pragma once
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/event.h"
#include "kernel/json.h"
#include "replay-tools/audit/check.h"

namespace yeyak::tools {

using Decode =
    std::function<std::expected<void, JsonError>(std::string_view type, std::string_view payload)>;

// What this program keeps of a payload, in the shape it was recorded in.
using Rewrite = std::function<std::expected<std::string, JsonError>(std::string_view type,
                                                                    std::string_view payload)>;

// A released type and the one that it is read as: the same, or a newer shape of it.
struct EventType {
    std::string_view type;
    std::string_view newest;
};

struct AuditedCategory {
    std::string_view category;  // its streams are named category-id
    Decode decode;              // reads any released shape, through the upcasters
    Rewrite rewrite;
    std::vector<EventType> types;
};

struct AuditedSaga {
    std::string_view category;
    std::string_view type;  // of its steps
    Decode decode;
    Rewrite rewrite;
    // All that a step can record.
    std::vector<std::string_view> states;
    // Those in which it waits for a person and not for the platform.
    std::vector<std::string_view> patient;
};

// What an event says about the worth of an order.
struct OrderNews {
    enum class State { open, live, cancelled };
    std::string order;  // what its payment is called
    State state = State::open;
    std::optional<std::int64_t> price;
};

struct AuditedOrders {
    std::string_view category;
    std::function<std::optional<OrderNews>(const eventstore::RecordedEvent&)> read;
};

struct AuditedSystem {
    std::string_view name;
    std::vector<AuditedCategory> categories;
    std::vector<AuditedSaga> sagas;
    std::vector<AuditedOrders> orders;
    // Checks of its own, over the whole log: "no product is reserved twice".
    std::vector<CheckPtr (*)()> invariants = {};
};

// Those that are there beside every system: payments, notifications, journals of operations.
std::vector<AuditedSystem> shared_systems();

}  // namespace yeyak::tools
