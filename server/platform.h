// What the server needs to know of the business systems: their rules, their views, and how persons
// are named in them. The list comes from the program; nothing in here knows which systems there
// are.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "aggregates/engine/contexts_by_prefix.h"
#include "aggregates/engine/engine.h"
#include "aggregates/engine/people.h"
#include "projections/runner/projector.h"

namespace yeyak::server {

struct ServeConfig;

// How a system takes money.
struct Payments {
    std::string_view context;  // its payment desk; empty when it takes none
    // How long the provider may take; null: payment.timeout_ms.
    std::int64_t (*timeout_ms)(const ServeConfig& config) = nullptr;
};

struct SystemRules {
    std::string_view name;
    void (*install)(Engine& engine);
    Payments payments = {};
};

// What it refers to must outlive those it is handed to.
struct Platform {
    std::span<const SystemRules> systems;
    const projections::Views& views;  // of all systems, and those that are there beside them
    People people;
};

// Which payment desk has the payments whose ids begin with "NAME-".
ContextsByPrefix payment_desks(const Platform& platform);

}  // namespace yeyak::server
