// `yeyak replay` and its subcommands. Each subcommand is a file with one registration function,
// which is called in add_replay().
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "eventstore/rocks_store.h"
#include "replay-tools/cli/cli.h"
#include "replay-tools/platform.h"
#include "replay-tools/replay/rebuild.h"
#include "replay-tools/terminal/progress.h"

namespace yeyak::tools {

// `yeyak replay` itself: a rebuild, or with --dry-run what it would change.
struct Replay {
    const Platform& platform;
    std::filesystem::path data = {};
    std::string server = {};
    std::string actor = {};
    std::string view = {};
    bool yes = false;
    bool dry_run = false;
    bool json = false;
    std::size_t batch = 50'000;
    std::size_t sample = 20;
    std::string as_of = {};  // position or time; empty: no reading of the past
    std::string key = {};    // with as_of: one row; empty: all of them
    std::size_t threads = 0;
    std::uint64_t max_rate = 0;
    bool accept_differences = false;
    bool no_wait = false;
};

int do_rebuild(const Replay& replay);
int do_rebuild_on_server(const Replay& replay);
int do_dry_run(const Replay& replay);
int do_as_of(const Replay& replay);

void add_explain(CLI::App& replay, Action& action, const Platform& platform);
void add_schema_check(CLI::App& replay, Action& action, const Platform& platform);

// Each adds one subcommand.
void add_rollback(CLI::App& replay, Action& action, const Platform& platform);
void add_rebuild_control(CLI::App& replay, Action& action,
                         const Platform& platform);  // status, pause, resume, cancel
void add_parked(CLI::App& replay, Action& action, const Platform& platform);
void add_retry(CLI::App& replay, Action& action, const Platform& platform);
void add_skip(CLI::App& replay, Action& action, const Platform& platform);

// --- what subcommands share ----------------------------------------------------------------------

// One view, or every view for "all".
std::vector<const projections::View*> views_named(const Platform& platform, std::string_view view);
// The log of a data folder, for reading; a running server may have it open.
eventstore::StoreResult<std::unique_ptr<eventstore::RocksStore>> open_log(
    const std::filesystem::path& data);
// Shows progress and stops when the user does.
RebuildOptions options_for(std::size_t batch, Progress& progress);
// Prints why a rebuild ended early and answers its exit code.
int ended_by(const eventstore::StoreError& error);

}  // namespace yeyak::tools
