// `yeyak replay --dry-run`: shows what a rebuild would change.
#include <fmt/format.h>

#include "replay-tools/exit_code.h"
#include "replay-tools/reading/revealer.h"
#include "replay-tools/replay/aside.h"
#include "replay-tools/replay/command.h"
#include "replay-tools/replay/dry_run.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

using projections::View;

constexpr std::string_view dry_run_prefix = "views.dry-run-";

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

std::string first_text(const std::optional<FirstEvent>& first) {
    if (!first) return "";
    return fmt::format("   since event {}, {} {}@{}", first->position, first->type,
                       printable(first->stream), first->version);
}

std::string first_json(const std::optional<FirstEvent>& first) {
    if (!first) return "null";
    return fmt::format(R"({{"position":{},"type":{},"stream":{},"version":{},"time":"{}"}})",
                       first->position, json_text(first->type), json_text(first->stream),
                       first->version, to_text(first->time));
}

void print_text(const DryRun& run) {
    const auto& c = run.comparison;
    tell("view {} at event {}: {}\n", run.view, run.checkpoint,
         c.same() ? "a rebuild would change nothing" : "a rebuild would change it");
    tell("  rows: {} added, {} removed, {} changed, {} in all\n", grouped(c.rows_added),
         grouped(c.rows_removed), grouped(c.rows_changed), grouped(c.rows));
    tell("  index entries: {} added, {} removed, {} changed\n", grouped(c.index_added),
         grouped(c.index_removed), grouped(c.index_changed));
    tell("  counts: {}\n", c.counts_differ ? "differ" : "the same");
    tell("  digest: live {}, rebuilt {}\n", eventstore::to_hex(c.live_digest.digest),
         eventstore::to_hex(c.rebuilt_digest.digest));
    for (const auto& sample : c.samples) {
        tell("  {} {}{}\n", name_of(sample.kind), sample.what, first_text(sample.first));
        if (sample.kind == Difference::Kind::removed && !sample.key.empty())
            tell("      no event makes this row any more\n");
        for (const auto& change : sample.changes)
            tell("      {}: {} -> {}{}\n", change.field, change.live, change.rebuilt,
                 first_text(change.first));
    }
}

std::string to_json_text(const DryRun& run) {
    const auto& c = run.comparison;
    std::string samples;
    for (const auto& sample : c.samples) {
        std::string changes;
        for (const auto& change : sample.changes)
            changes += fmt::format(R"({}{{"field":{},"live":{},"rebuilt":{},"firstEvent":{}}})",
                                   changes.empty() ? "" : ",", json_text(change.field),
                                   json_text(change.live), json_text(change.rebuilt),
                                   first_json(change.first));
        samples += fmt::format(R"({}{{"kind":"{}","what":{},"firstEvent":{},"changes":[{}]}})",
                               samples.empty() ? "" : ",", name_of(sample.kind),
                               json_text(sample.what), first_json(sample.first), changes);
    }
    return fmt::format(
        R"({{"view":{},"generation":{},"checkpoint":{},"same":{},"rows":{},"rows_added":{},)"
        R"("rows_removed":{},"rows_changed":{},"index_added":{},"index_removed":{},)"
        R"("index_changed":{},"counts_differ":{},"live_digest":"{}","rebuilt_digest":"{}",)"
        R"("samples":[{}]}})",
        json_text(run.view), run.generation, run.checkpoint, c.same(), c.rows, c.rows_added,
        c.rows_removed, c.rows_changed, c.index_added, c.index_removed, c.index_changed,
        c.counts_differ, eventstore::to_hex(c.live_digest.digest),
        eventstore::to_hex(c.rebuilt_digest.digest), samples);
}

}  // namespace

int do_dry_run(const Replay& replay) {
    // The views first, so that the log reaches every checkpoint beside a running server.
    const auto live = RawViews::open(replay.data / "views");
    if (!live) return refuse(live.error());
    const auto log = open_log(replay.data);
    if (!log) return refuse(log.error());
    const InterruptGuard guard;
    std::uint64_t views = 0;
    std::uint64_t changed = 0;
    std::string json;
    Revealer reveal{replay.platform.settings, replay.data};
    for (const View* view : views_named(replay.platform, replay.view)) {
        Progress progress{fmt::format("dry run of {}", view->name()), (*log)->head()};
        const auto working = Aside::place(replay.data, dry_run_prefix);
        auto run = dry_run(**log, live->get(), working, *view, options_for(replay.batch, progress),
                           replay.sample);
        progress.clear();
        if (!run) return ended_by(run.error());
        ++views;
        if (!run->comparison.same()) ++changed;
        for (auto& sample : run->comparison.samples)
            for (auto& change : sample.changes) {
                change.live = reveal(change.live);
                change.rebuilt = reveal(change.rebuilt);
            }
        if (replay.json)
            json += (json.empty() ? "" : ",") + to_json_text(*run);
        else
            print_text(*run);
    }
    if (replay.json)
        fmt::print("{}\n", replay.view == "all" ? fmt::format("{{\"view\":\"all\",\"same\":{},"
                                                              "\"views\":[{}]}}",
                                                              changed == 0, json)
                                                : json);
    else if (replay.view == "all")
        tell("{}: a rebuild would change {} of them\n", counted(views, "view"),
             changed == 0 ? "none" : grouped(changed));
    return to_int(changed == 0 ? ExitCode::ok : ExitCode::failed);
}

}  // namespace yeyak::tools
