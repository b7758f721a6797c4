// `yeyak replay`: its options and subcommands, and what they share.
#include "replay-tools/replay/command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "replay-tools/cli/actor.h"
#include "replay-tools/cli/values.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/replay/where.h"
#include "replay-tools/terminal/interrupt.h"

namespace yeyak::tools {

using eventstore::RocksStore;
using eventstore::StoreError;
using projections::View;

std::vector<const View*> views_named(const Platform& platform, std::string_view view) {
    if (view != "all") return {projections::find_view(platform.views, view)};
    std::vector<const View*> views;
    for (const auto& each : platform.views) views.push_back(each.get());
    return views;
}

eventstore::StoreResult<std::unique_ptr<RocksStore>> open_log(const std::filesystem::path& data) {
    eventstore::RocksOptions options;
    options.data_dir = data;
    options.read_only = true;
    return RocksStore::open(options);
}

RebuildOptions options_for(std::size_t batch, Progress& progress) {
    RebuildOptions options;
    options.batch = batch;
    options.reached = [&progress](eventstore::Position position) {
        progress.reached(position);
        return !interrupted();
    };
    return options;
}

int ended_by(const StoreError& error) {
    if (!interrupted()) return refuse(error);
    fmt::print(stderr, "yeyak: interrupted; the live views are as they were\n");
    return to_int(ExitCode::interrupted);
}

namespace {

void add_past_options(CLI::App& command, Replay& replay) {
    auto* as_of = command
                      .add_option("--as-of", replay.as_of,
                                  "Change nothing; print the rows as they were at a position of "
                                  "the log or a time as RFC 3339 writes it")
                      ->type_name("POSITION|TIME");
    command.add_option("--key", replay.key, "One row alone")->type_name("KEY")->needs(as_of);
    as_of->excludes("--dry-run")->excludes("--yes");
}

}  // namespace

void add_replay(CLI::App& app, Action& action, const Platform& platform) {
    auto replay = std::make_shared<Replay>(Replay{.platform = platform});
    auto* command = app.add_subcommand("replay", "Build views anew from the log");
    command->add_option("--data", replay->data, "The data folder")->type_name("DIR");
    command->add_option("--server", replay->server, "A running server, instead of --data")
        ->type_name("URL");
    add_actor(*command, replay->actor);
    command->add_option("--view", replay->view, "The view to build, or all")
        ->check(one_of(view_names(platform, true)))
        ->type_name("NAME");
    command->add_flag("--yes", replay->yes, "Do not ask");
    command->add_flag("--accept-differences", replay->accept_differences,
                      "Switch although the new build differs from the live one, or is empty");
    command
        ->add_option("--threads", replay->threads,
                     "Threads that build a single view; 0: one for each core")
        ->check(whole_number(0, 64))
        ->type_name("NUMBER")
        ->capture_default_str();
    command->add_option("--max-rate", replay->max_rate, "Most events a server reads in a second")
        ->check(whole_number(1))
        ->type_name("NUMBER")
        ->default_str("as many as it can");
    command->add_flag("--no-wait", replay->no_wait, "Do not wait until the server is done");
    command->add_flag("--dry-run", replay->dry_run,
                      "Change nothing; show how a rebuild would differ from the live view");
    command->add_flag("--json", replay->json, "Print the result as one JSON object");
    command->add_option("--batch", replay->batch, "Events per write")
        ->check(whole_number(1, 1'000'000))
        ->type_name("NUMBER")
        ->capture_default_str();
    command->add_option("--sample", replay->sample, "Differences that a dry run shows")
        ->check(whole_number(0, 1'000'000))
        ->type_name("NUMBER")
        ->capture_default_str();
    add_past_options(*command, *replay);
    add_explain(*command, action, platform);
    add_schema_check(*command, action, platform);
    command->footer(
        footer("  yeyak replay --data ./data --view payments --yes\n"
               "  yeyak replay --data ./data --view all --yes --json\n"
               "  yeyak replay --data ./data --view payments --dry-run\n"
               "  yeyak replay --data ./data --view payments --as-of 2026-11-20T12:00:00+09:00\n"
               "  yeyak replay --data ./data --view payments --as-of 1200 --key 17 --json\n"
               "  yeyak replay --server http://127.0.0.1:8080 --view payments\n"
               "  yeyak replay rollback --server http://127.0.0.1:8080 --view payments\n"
               "  yeyak replay parked --data ./data --view payments\n"));
    command->require_subcommand(0, 1);
    for (const auto add : {add_rollback, add_rebuild_control, add_parked, add_retry, add_skip})
        add(*command, action, platform);
    command->callback([&action, replay, command] {
        if (!command->get_subcommands().empty()) return;
        if (replay->view.empty()) throw CLI::RequiredError{"--view"};
        check_where({replay->data, replay->server});
        const bool at_rest = replay->server.empty();
        if (!at_rest && replay->dry_run) throw CLI::ExcludesError("--dry-run", "--server");
        if (!at_rest && !replay->as_of.empty()) throw CLI::ExcludesError("--as-of", "--server");
        if (!replay->as_of.empty() && replay->view == "all")
            throw CLI::ValidationError{"--view", "--as-of shows one view"};
        action = [replay, at_rest] {
            return !replay->as_of.empty() ? do_as_of(*replay)
                   : replay->dry_run      ? do_dry_run(*replay)
                   : at_rest              ? do_rebuild(*replay)
                                          : do_rebuild_on_server(*replay);
        };
    });
}

}  // namespace yeyak::tools
