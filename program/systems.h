// The business systems: the manifest of each, and what every part of the program reads of them. The
// list itself is systems.def; a manifest is systems/NAME.cc.
//
// Everything here is made once, when it is first asked for, and lives as long as the process.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aggregates/engine/people.h"
#include "api/access/access_table.h"
#include "api/http/router.h"
#include "api/routes/server.h"
#include "demo/script.h"
#include "replay-tools/platform.h"
#include "server/config/config.h"
#include "server/platform.h"

namespace yeyak::program {

// Everything that the platform knows of one system.
struct System {
    server::SystemRules rules;  // its name, too
    void (*add_views)(projections::Views& all);
    // How persons are named; whose system it is follows from the list.
    std::span<const PersonKind> people = {};
    tools::AuditedSystem (*audit)();
    // Its routes are under /name, and at the root with serve --system.
    void (*add_routes)(http::Router& router, const api::Server& at, const api::Mount& mount);
    // Who may use each of them. Roles of the staff count here and in no other system that does not
    // name them, too.
    std::span<const std::string_view> staff = {};
    std::span<const api::AccessRow> access = {};
    // Categories of streams that follow from one order each, so that its customer has receipts of
    // them; those that views are about are known. None that several persons' orders write to.
    std::span<const std::string_view> personal_streams = {};
    // What must be in the log before anybody is served, such as a first stock; may be null.
    void (*begin)(const api::Server& at) = nullptr;
    // What the end of a day in Seoul brings; asked at the start and once a minute. May be null.
    boost::asio::awaitable<void> (*close_days)(const api::Server& at) = nullptr;
    server::ConfigKeys (*settings)() = nullptr;  // null: nothing can be set
    const demo::Script* demo;
    // Something to try, as a path and a body.
    std::string_view try_path;
    std::string_view try_body;

    std::string_view name() const { return rules.name; }
};

std::span<const System* const> systems();
const System* find_system(std::string_view name);  // null when there is none

// What the parts of the program read of all systems, in the order of the list.
const projections::Views& views();
People people();
server::ConfigKeys settings();  // those of the platform come first
const server::Platform& server_platform();
const tools::Platform& tools_platform();
demo::Scripts scripts();
// The categories of streams that are one person's each.
std::span<const std::string_view> all_personal_streams();
// Who may use which route, with one system's routes at the root as well, or none's.
api::AccessTable access_table(const std::optional<std::string>& at_root);

}  // namespace yeyak::program
