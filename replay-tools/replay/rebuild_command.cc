// `yeyak replay`: a rebuild of the views of a data folder at rest.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "replay-tools/exit_code.h"
#include "replay-tools/replay/command.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

using eventstore::StoreError;
using projections::ViewStore;

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

}  // namespace

int do_rebuild(const Replay& replay) {
    const auto log = open_log(replay.data);
    if (!log) return refuse(log.error());
    const auto events = (*log)->head();
    if (const auto end = declined(replay, events)) return to_int(*end);
    const auto store = ViewStore::open(replay.data / "views", false);
    if (!store) return views_refused(store.error());
    const InterruptGuard guard;
    Progress progress{"replay " + replay.view, events};
    const auto done =
        rebuild(**log, **store, views_named(replay.view), options_for(replay.batch, progress));
    const auto seconds = progress.seconds();
    progress.clear();
    if (!done) return ended_by(done.error());
    print_rebuilt(replay, *done, events, seconds);
    return to_int(ExitCode::ok);
}

}  // namespace yeyak::tools
