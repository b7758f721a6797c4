// `yeyak replay --server`: asks a running server for a rebuild and shows how far it is.
#include <fmt/format.h>

#include <thread>

#include "replay-tools/exit_code.h"
#include "replay-tools/replay/command.h"
#include "replay-tools/replay/where.h"
#include "replay-tools/terminal/interrupt.h"

namespace yeyak::tools {
namespace {

constexpr std::chrono::milliseconds look_again{200};

struct Seen {
    std::string state;
    std::string text;  // of the view, when the state needs no more attention
    std::uint64_t position = 0;
    std::uint64_t goal = 0;
};

bool ended(std::string_view state) {
    return state == "switched" || state == "refused" || state == "cancelled" || state == "failed" ||
           state == "paused";
}

// What the server says of each view's rebuild.
std::vector<Seen> seen_in(const remote::Answer& answer, const Replay& replay) {
    std::vector<Seen> all;
    for (std::size_t i = 0;; ++i) {
        const auto at = replay.view == "all" ? fmt::format("/rebuilds/{}", i) : std::string{};
        const auto state = answer.text(at + "/state");
        if (!state || (replay.view != "all" && i == 1)) return all;
        Seen one;
        one.state = *state;
        one.position = static_cast<std::uint64_t>(answer.number(at + "/position").value_or(0));
        one.goal = static_cast<std::uint64_t>(answer.number(at + "/goal").value_or(0));
        const auto detail = answer.text(at + "/detail").value_or("");
        one.text = fmt::format(
            "view {}: {}, generation {}, {} rows{}{}", answer.text(at + "/view").value_or(""),
            *state, answer.number(at + "/generation").value_or(0),
            answer.number(at + "/rows").value_or(0), detail.empty() ? "" : ": ", detail);
        all.push_back(std::move(one));
    }
}

int print_end(const Replay& replay, const remote::Answer& answer) {
    bool well = true;
    for (const auto& one : seen_in(answer, replay)) {
        if (!replay.json) fmt::print("{}\n", one.text);
        well = well && one.state == "switched";
    }
    if (replay.json) fmt::print("{}\n", answer.body);
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
            for (const auto& one : seen_in(answer, replay)) {
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
        if (replay.no_wait && !replay.json) fmt::print("the rebuild of {} began\n", replay.view);
        return to_int(ExitCode::ok);
    });
    if (!begun || replay.no_wait) return asked;
    return follow(replay, where, path);
}

}  // namespace yeyak::tools
