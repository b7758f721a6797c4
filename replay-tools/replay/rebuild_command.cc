// `yeyak replay`: a rebuild of the views of a data folder at rest.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "replay-tools/exit_code.h"
#include "replay-tools/replay/at_rest.h"
#include "replay-tools/replay/command.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

// Nothing when the rebuild may begin, otherwise how the command ends.
std::optional<ExitCode> declined(const Replay& replay, eventstore::Position events) {
    if (replay.yes) return std::nullopt;
    if (isatty(STDIN_FILENO) != 1) {
        fmt::print(stderr, "yeyak: add --yes to rebuild without being asked\n");
        return ExitCode::usage;
    }
    fmt::print(stderr,
               "Rebuild {} from {}? The live build stays until the new one is complete. "
               "[y/N] ",
               replay.view == "all" ? "all views" : "view " + replay.view,
               counted(events, "event"));
    std::string answer;
    std::getline(std::cin, answer);
    if (answer == "y" || answer == "Y" || answer == "yes") return std::nullopt;
    fmt::print(stderr, "yeyak: nothing was done\n");
    return ExitCode::interrupted;
}

void print_rebuilt(const Replay& replay, const std::vector<Rebuilt>& done,
                   eventstore::Position events, double seconds) {
    const double rate = static_cast<double>(events) / std::max(seconds, 1e-6);
    std::int64_t rows = 0;
    for (const auto& one : done) rows += one.rows;
    if (!replay.json) {
        for (const auto& one : done) {
            if (one.refused)
                tell("view {}: not switched ({}): {}\n", one.view, one.refused->code,
                     one.refused->detail);
            else
                tell("view {}: {}, now generation {}\n", one.view,
                     counted(static_cast<std::uint64_t>(one.rows), "row"), one.generation);
            if (one.parked > 0)
                tell("view {}: {} could not be applied; yeyak replay parked --view {} shows more\n",
                     one.view, counted(one.parked, "event"), one.view);
        }
        const auto refused = std::ranges::count_if(done, [](const auto& o) { return !!o.refused; });
        tell("{} built, {} not switched; {} in {:.1f} s, {} events/s\n",
             counted(done.size(), "view"), refused, counted(events, "event"), seconds,
             grouped(static_cast<std::uint64_t>(rate)));
        return;
    }
    std::string parts;
    for (const auto& one : done)
        parts += fmt::format(
            R"({}{{"view":{},"rows":{},"generation":{},"switched":{},"parked":{},"digest":"{}",)"
            R"("code":{}}})",
            parts.empty() ? ",\"views\":[" : ",", json_text(one.view), one.rows, one.generation,
            !one.refused, one.parked, one.digest,
            one.refused ? json_text(one.refused->code) : "null");
    parts += "]";
    const auto generation =
        replay.view == "all" ? std::string{"null"} : std::to_string(done.front().generation);
    fmt::print(R"({{"view":{},"events":{},"seconds":{:.3f},"events_per_second":{:.0f},"rows":{},)"
               R"("generation":{}{}}})"
               "\n",
               json_text(replay.view), events, seconds, rate, rows, generation, parts);
}

}  // namespace

int do_rebuild(const Replay& replay) {
    auto log = open_log(replay.data);
    if (!log) return refuse(log.error());
    const auto events = (*log)->head();
    if (const auto end = declined(replay, events)) return to_int(*end);
    const auto store = open_views_at_rest(replay.data);
    if (!store) return views_refused(store.error());
    const InterruptGuard guard;
    Progress progress{"replay " + replay.view, events};
    auto options = options_for(replay.batch, progress);
    options.threads = replay.threads;
    options.accept_differences = replay.accept_differences;
    options.now_ms = now_ms();
    options.actor = replay.actor;
    const auto done = rebuild(**log, **store, views_named(replay.platform, replay.view), options);
    const auto seconds = progress.seconds();
    progress.clear();
    if (!done) return ended_by(done.error());
    log->reset();  // to be opened for writing
    if (const auto told = record_switches_at_rest(replay.data, **store); !told)
        return refuse(told.error());
    print_rebuilt(replay, *done, events, seconds);
    const bool refused = std::ranges::any_of(*done, [](const auto& one) { return !!one.refused; });
    return to_int(refused ? ExitCode::failed : ExitCode::ok);
}

}  // namespace yeyak::tools
