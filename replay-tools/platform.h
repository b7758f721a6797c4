// What the tools know of the business systems. The list comes from the program, which says it to
// each command that it adds; nothing in here knows which systems there are.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "aggregates/engine/people.h"
#include "projections/runner/projector.h"
#include "replay-tools/audit/systems/systems.h"
#include "server/config/config.h"

namespace yeyak::tools {

// What it refers to outlives all commands.
struct Platform {
    const projections::Views& views;
    // With those that are there beside every system: payments, notifications, journals.
    std::span<const AuditedSystem> systems;
    People people;
    server::ConfigKeys settings;
};

// What --view may be: every view and, for some commands, "all".
std::vector<std::string> view_names(const Platform& platform, bool with_all);

}  // namespace yeyak::tools
