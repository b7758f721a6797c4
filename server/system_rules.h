// What the server needs to know of a business system: its name and its rules. The list comes from
// the program; nothing in here knows which systems there are.
#pragma once
#include <span>
#include <string_view>

#include "aggregates/engine/contexts_by_prefix.h"
#include "aggregates/engine/engine.h"

namespace yeyak::server {

struct SystemRules {
    std::string_view name;
    std::string_view payment_context;  // its payment desk; empty when it takes no money
    void (*install)(Engine& engine);
};

using Systems = std::span<const SystemRules>;

// Which payment desk has the payments whose ids begin with "NAME-".
ContextsByPrefix payment_desks(Systems systems);

}  // namespace yeyak::server
