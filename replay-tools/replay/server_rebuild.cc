// `yeyak replay --server`: asks a running server for a rebuild and shows how far it is.
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "replay-tools/exit_code.h"
#include "replay-tools/replay/command.h"
#include "replay-tools/replay/server_rebuilds.h"
#include "replay-tools/replay/where.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

constexpr std::chrono::milliseconds look_again{200};

bool ended(std::string_view state) {
    return state == "switched" || state == "refused" || state == "cancelled" || state == "failed" ||
           state == "paused";
}

int print_end(const Replay& replay, const remote::Answer& answer) {
    const auto rebuilds = rebuilds_in(answer, replay.view);
    if (replay.json) fmt::print("{}\n", answer.body);
    if (!replay.json) {
        for (const auto& one : rebuilds)
            tell("view {}: {}, generation {}, {}{}\n", one.view, one.state, one.generation,
                 counted(one.rows, "row"), one.detail.empty() ? "" : ": " + one.detail);
        if (replay.view == "all") tell("{}\n", summary_of(rebuilds));
    }
    const bool well =
        std::ranges::all_of(rebuilds, [](const auto& one) { return one.state == "switched"; });
    return to_int(well ? ExitCode::ok : ExitCode::failed);
}

int follow(const Replay& replay, const Where& where, const std::string& path) {
    const InterruptGuard guard;
    std::unique_ptr<Progress> progress;
    while (true) {
        std::optional<int> end;
        const int asked = ask(where, "GET", path, "", [&](const remote::Answer& answer) {
            bool all_ended = true;
            std::uint64_t position = 0;
            std::uint64_t goal = 0;
            for (const auto& one : rebuilds_in(answer, replay.view)) {
                all_ended = all_ended && ended(one.state);
                position += one.position;
                goal += one.goal;
            }
            if (!progress && goal > 0)
                progress = std::make_unique<Progress>("rebuild " + replay.view, goal);
            if (progress) progress->reached(position);
            if (all_ended) {
                progress.reset();
                end = print_end(replay, answer);
            }
            return 0;
        });
        if (asked != 0) return asked;
        if (end) return *end;
        if (interrupted()) {
            fmt::print(stderr, "yeyak: the server goes on with it; yeyak replay cancel ends it\n");
            return to_int(ExitCode::interrupted);
        }
        std::this_thread::sleep_for(look_again);
    }
}

}  // namespace

int do_rebuild_on_server(const Replay& replay) {
    Where where;
    where.server = replay.server;
    where.actor = replay.actor;
    const auto path = "/projections/" + replay.view + "/rebuild";
    auto body = fmt::format(R"({{"acceptDifferences":{})", replay.accept_differences);
    if (replay.max_rate > 0) body += fmt::format(R"(,"maxRate":{})", replay.max_rate);
    bool begun = false;
    const int asked = ask(where, "POST", path, body + "}", [&](const remote::Answer& answer) {
        begun = true;
        if (replay.no_wait && replay.json) fmt::print("{}\n", answer.body);
        if (replay.no_wait && !replay.json) tell("the rebuild of {} began\n", replay.view);
        return to_int(ExitCode::ok);
    });
    if (!begun || replay.no_wait) return asked;
    return follow(replay, where, path);
}

}  // namespace yeyak::tools
