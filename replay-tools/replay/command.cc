// `yeyak replay`: rebuilds views from the log, or shows what a rebuild would change.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "eventstore/rocks_store.h"
#include "projections/registry.h"
#include "replay-tools/cli/cli.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/replay/aside.h"
#include "replay-tools/replay/dry_run.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/progress.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

using eventstore::RocksStore;
using eventstore::StoreError;
using projections::View;
using projections::ViewStore;

constexpr std::string_view dry_run_prefix = "views.dry-run-";

struct Replay {
    std::filesystem::path data;
    std::string view;
    bool yes = false;
    bool dry_run = false;
    bool json = false;
    std::size_t batch = 50'000;
    std::size_t sample = 20;
};

std::vector<std::string> view_names() {
    std::vector<std::string> names{"all"};
    for (const auto& view : projections::all_views()) names.emplace_back(view->name());
    return names;
}

std::vector<const View*> views_of(const Replay& replay) {
    if (replay.view != "all") return {projections::find_view(replay.view)};
    std::vector<const View*> views;
    for (const auto& view : projections::all_views()) views.push_back(view.get());
    return views;
}

eventstore::StoreResult<std::unique_ptr<RocksStore>> open_log(const Replay& replay) {
    eventstore::RocksOptions options;
    options.data_dir = replay.data;
    options.read_only = true;
    return RocksStore::open(options);
}

RebuildOptions options_for(const Replay& replay, Progress& progress) {
    RebuildOptions options;
    options.batch = replay.batch;
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

// --- rebuild -------------------------------------------------------------------------------------

// Nothing when the rebuild may begin, otherwise how the command ends.
std::optional<ExitCode> declined(const Replay& replay, eventstore::Position events) {
    if (replay.yes) return std::nullopt;
    if (isatty(STDIN_FILENO) != 1) {
        fmt::print(stderr, "yeyak: add --yes to rebuild without being asked\n");
        return ExitCode::usage;
    }
    fmt::print(stderr,
               "Rebuild {} from {} events? The live build stays until the new one is complete. "
               "[y/N] ",
               replay.view == "all" ? "all views" : "view " + replay.view, grouped(events));
    std::string answer;
    std::getline(std::cin, answer);
    if (answer == "y" || answer == "Y" || answer == "yes") return std::nullopt;
    fmt::print(stderr, "yeyak: nothing was done\n");
    return ExitCode::interrupted;
}

int views_refused(const StoreError& error) {
    if (exit_code_of(error) != ExitCode::in_use) return refuse(error);
    fmt::print(stderr,
               "yeyak: the views are in use, probably by a running server (yeyak serve); stop it "
               "first, or add --dry-run, which works beside it\n");
    return to_int(ExitCode::in_use);
}

void print_rebuilt(const Replay& replay, const std::vector<Rebuilt>& done,
                   eventstore::Position events, double seconds) {
    const double rate = static_cast<double>(events) / std::max(seconds, 1e-6);
    std::int64_t rows = 0;
    for (const auto& one : done) rows += one.rows;
    if (!replay.json) {
        for (const auto& one : done)
            fmt::print("view {}: {} rows, now generation {}\n", one.view,
                       grouped(static_cast<std::uint64_t>(one.rows)), one.generation);
        fmt::print("{} events in {:.1f} s, {} events/s\n", grouped(events), seconds,
                   grouped(static_cast<std::uint64_t>(rate)));
        return;
    }
    std::string parts;
    if (replay.view == "all") {
        for (const auto& one : done)
            parts += fmt::format(R"({}{{"view":{},"rows":{},"generation":{}}})",
                                 parts.empty() ? ",\"views\":[" : ",", json_text(one.view),
                                 one.rows, one.generation);
        parts += "]";
    }
    const auto generation =
        replay.view == "all" ? std::string{"null"} : std::to_string(done.front().generation);
    fmt::print(R"({{"view":{},"events":{},"seconds":{:.3f},"events_per_second":{:.0f},"rows":{},)"
               R"("generation":{}{}}})"
               "\n",
               json_text(replay.view), events, seconds, rate, rows, generation, parts);
}

int do_rebuild(const Replay& replay) {
    const auto log = open_log(replay);
    if (!log) return refuse(log.error());
    const auto events = (*log)->head();
    if (const auto end = declined(replay, events)) return to_int(*end);
    const auto store = ViewStore::open(replay.data / "views", false);
    if (!store) return views_refused(store.error());
    const InterruptGuard guard;
    Progress progress{"replay " + replay.view, events};
    const auto done = rebuild(**log, **store, views_of(replay), options_for(replay, progress));
    const auto seconds = progress.seconds();
    progress.clear();
    if (!done) return ended_by(done.error());
    print_rebuilt(replay, *done, events, seconds);
    return to_int(ExitCode::ok);
}

// --- dry run -------------------------------------------------------------------------------------

std::string_view name_of(Difference::Kind kind) {
    switch (kind) {
        case Difference::Kind::added:
            return "added";
        case Difference::Kind::removed:
            return "removed";
        case Difference::Kind::changed:
            return "changed";
    }
    return "";
}

void print_text(const DryRun& run) {
    const auto& c = run.comparison;
    fmt::print("view {} at event {}: {}\n", run.view, grouped(run.checkpoint),
               c.same() ? "a rebuild would change nothing" : "a rebuild would change it");
    fmt::print("  rows: {} added, {} removed, {} changed, {} in all\n", grouped(c.rows_added),
               grouped(c.rows_removed), grouped(c.rows_changed), grouped(c.rows));
    fmt::print("  index entries: {} added, {} removed, {} changed\n", grouped(c.index_added),
               grouped(c.index_removed), grouped(c.index_changed));
    fmt::print("  counts: {}\n", c.counts_differ ? "differ" : "the same");
    fmt::print("  digest: live {}, rebuilt {}\n", c.live_digest, c.rebuilt_digest);
    for (const auto& sample : c.samples) {
        fmt::print("  {} {}\n", name_of(sample.kind), sample.what);
        for (const auto& change : sample.changes)
            fmt::print("      {}: {} -> {}\n", change.field, change.live, change.rebuilt);
    }
}

std::string to_json_text(const DryRun& run) {
    const auto& c = run.comparison;
    std::string samples;
    for (const auto& sample : c.samples) {
        std::string changes;
        for (const auto& change : sample.changes)
            changes += fmt::format(R"({}{{"field":{},"live":{},"rebuilt":{}}})",
                                   changes.empty() ? "" : ",", json_text(change.field),
                                   json_text(change.live), json_text(change.rebuilt));
        samples +=
            fmt::format(R"({}{{"kind":"{}","what":{},"changes":[{}]}})", samples.empty() ? "" : ",",
                        name_of(sample.kind), json_text(sample.what), changes);
    }
    return fmt::format(
        R"({{"view":{},"generation":{},"checkpoint":{},"same":{},"rows":{},"rows_added":{},)"
        R"("rows_removed":{},"rows_changed":{},"index_added":{},"index_removed":{},)"
        R"("index_changed":{},"counts_differ":{},"live_digest":"{}","rebuilt_digest":"{}",)"
        R"("samples":[{}]}})",
        json_text(run.view), run.generation, run.checkpoint, c.same(), c.rows, c.rows_added,
        c.rows_removed, c.rows_changed, c.index_added, c.index_removed, c.index_changed,
        c.counts_differ, c.live_digest, c.rebuilt_digest, samples);
}

int do_dry_run(const Replay& replay) {
    // The views first, so that the log reaches every checkpoint beside a running server.
    const auto live = RawViews::open(replay.data / "views");
    if (!live) return refuse(live.error());
    const auto log = open_log(replay);
    if (!log) return refuse(log.error());
    remove_leftovers(replay.data, dry_run_prefix);
    const InterruptGuard guard;
    bool same = true;
    std::string json;
    for (const View* view : views_of(replay)) {
        Progress progress{fmt::format("dry run of {}", view->name()), (*log)->head()};
        const auto working = replay.data / fmt::format("{}{}", dry_run_prefix, getpid());
        const auto run = dry_run(**log, live->get(), working, *view, options_for(replay, progress),
                                 replay.sample);
        progress.clear();
        if (!run) return ended_by(run.error());
        same = same && run->comparison.same();
        if (replay.json)
            json += (json.empty() ? "" : ",") + to_json_text(*run);
        else
            print_text(*run);
    }
    if (replay.json)
        fmt::print("{}\n", replay.view == "all" ? fmt::format("{{\"view\":\"all\",\"same\":{},"
                                                              "\"views\":[{}]}}",
                                                              same, json)
                                                : json);
    return to_int(same ? ExitCode::ok : ExitCode::failed);
}

}  // namespace

void add_replay(CLI::App& app, Action& action) {
    auto replay = std::make_shared<Replay>();
    auto* command = app.add_subcommand("replay", "Build views anew from the log");
    command->add_option("--data", replay->data, "The data folder")->required()->type_name("DIR");
    command->add_option("--view", replay->view, "The view to build, or all")
        ->required()
        ->check(CLI::IsMember(view_names()));
    command->add_flag("--yes", replay->yes, "Do not ask");
    command->add_flag("--dry-run", replay->dry_run,
                      "Change nothing; show how a rebuild would differ from the live view");
    command->add_flag("--json", replay->json, "Print the result as one JSON object");
    command->add_option("--batch", replay->batch, "Events per write")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
        ->type_name("NUMBER")
        ->capture_default_str();
    command->add_option("--sample", replay->sample, "Differences that a dry run shows")
        ->check(CLI::Range(std::size_t{0}, std::size_t{1'000'000}))
        ->type_name("NUMBER")
        ->capture_default_str();
    command->footer(
        footer("  yeyak replay --data ./data --view payments --yes\n"
               "  yeyak replay --data ./data --view all --yes --json\n"
               "  yeyak replay --data ./data --view payments --dry-run\n"));
    command->callback([&action, replay] {
        action = [replay] { return replay->dry_run ? do_dry_run(*replay) : do_rebuild(*replay); };
    });
}

}  // namespace yeyak::tools
