// `yeyak replay rollback`, and what can be done with a rebuild on a server: status, pause, resume,
// cancel.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "projections/rebuild/switch_note.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/replay/at_rest.h"
#include "replay-tools/replay/command.h"
#include "replay-tools/replay/where.h"

namespace yeyak::tools {
namespace {

struct OfView {
    Where where;
    std::string view;
};

std::shared_ptr<OfView> view_options(CLI::App& command, const Platform& platform, bool at_rest,
                                     bool with_all) {
    auto made = std::make_shared<OfView>();
    add_where(command, made->where, at_rest);
    command.add_option("--view", made->view, with_all ? "The view, or all" : "The view")
        ->required()
        ->check(CLI::IsMember(view_names(platform, with_all)));
    return made;
}

int print_rolled_back(const OfView& asked, std::uint64_t generation, std::uint64_t position) {
    if (asked.where.json)
        fmt::print(R"({{"view":"{}","generation":{},"position":{}}})"
                   "\n",
                   asked.view, generation, position);
    else
        fmt::print("view {}: readers see generation {} again, at event {}\n", asked.view,
                   generation, grouped(position));
    return to_int(ExitCode::ok);
}

int roll_back_at_rest(const OfView& asked) {
    const auto store = open_views_at_rest(asked.where.data);
    if (!store) return views_refused(store.error());
    const auto builds = (*store)->builds(asked.view);
    if (!builds) return refuse(builds.error());
    if (builds->previous.number == 0) {
        fmt::print(stderr, "yeyak: no earlier build of {} is kept (views.keep_previous_s)\n",
                   asked.view);
        return to_int(ExitCode::failed);
    }
    const projections::Build back{asked.view, builds->previous.number};
    const auto digest = projections::digest_of(**store, back, builds->previous.version);
    if (!digest) return refuse(digest.error());
    const auto note =
        projections::note_of_switch("rolled_back", asked.where.actor, back.generation, *digest);
    auto done = (*store)->roll_back(asked.view, {now_ms(), encode(note)});
    if (done) done = record_switches_at_rest(asked.where.data, **store);
    if (!done) return refuse(done.error());
    return print_rolled_back(asked, back.generation, digest->position);
}

int roll_back_on_server(const OfView& asked) {
    return ask(asked.where, "POST", "/projections/" + asked.view + "/rollback", "",
               [&](const remote::Answer& answer) {
                   const auto number = [&](const char* name) {
                       return static_cast<std::uint64_t>(answer.number(name).value_or(0));
                   };
                   return print_rolled_back(asked, number("/generation"), number("/position"));
               });
}

int print_status(const OfView& asked, const remote::Answer& answer) {
    if (asked.where.json) {
        fmt::print("{}\n", answer.body);
        return to_int(ExitCode::ok);
    }
    for (std::size_t i = 0;; ++i) {
        const auto at = asked.view == "all" ? fmt::format("/rebuilds/{}", i) : std::string{};
        const auto state = answer.text(at + "/state");
        if (!state || (asked.view != "all" && i == 1)) return to_int(ExitCode::ok);
        const auto number = [&](const char* name) {
            return static_cast<std::uint64_t>(answer.number(at + name).value_or(0));
        };
        const auto left = answer.number(at + "/secondsLeft");
        fmt::print("view {}: {}, generation {}, event {} of {}, {} events/s{}{}\n",
                   answer.text(at + "/view").value_or(""), *state, number("/generation"),
                   grouped(number("/position")), grouped(number("/goal")),
                   grouped(number("/eventsPerSecond")),
                   left ? fmt::format(", {} s left", *left) : "",
                   answer.text(at + "/detail") ? ": " + *answer.text(at + "/detail") : "");
    }
}

}  // namespace

void add_rollback(CLI::App& replay, Action& action, const Platform& platform) {
    auto* command =
        replay.add_subcommand("rollback", "Show readers the build before the last switch again");
    const auto asked = view_options(*command, platform, true, false);
    command->footer(
        footer("  yeyak replay rollback --server http://127.0.0.1:8080 --view payments\n"
               "  yeyak replay rollback --data ./data --view payments\n"));
    command->callback([&action, asked] {
        check_where(asked->where);
        action = [asked] {
            return asked->where.server.empty() ? roll_back_at_rest(*asked)
                                               : roll_back_on_server(*asked);
        };
    });
}

void add_rebuild_control(CLI::App& replay, Action& action, const Platform& platform) {
    struct Verb {
        const char* name;
        const char* what;
        const char* method;
        const char* path;
    };
    constexpr Verb verbs[] = {
        {"status", "How far the rebuilds on a server are", "GET", "/rebuild"},
        {"pause", "Pause a rebuild on a server", "POST", "/rebuild/pause"},
        {"resume", "Go on with a paused rebuild", "POST", "/rebuild/resume"},
        {"cancel", "Cancel a rebuild on a server; the live build stays", "DELETE", "/rebuild"},
    };
    for (const auto& verb : verbs) {
        auto* command = replay.add_subcommand(verb.name, verb.what);
        const auto asked = view_options(*command, platform, false, true);
        command->footer(footer(fmt::format(
            "  yeyak replay {} --server http://127.0.0.1:8080 --view payments\n", verb.name)));
        command->callback([&action, asked, verb] {
            check_where(asked->where);
            action = [asked, verb] {
                return ask(
                    asked->where, verb.method, "/projections/" + asked->view + verb.path, "",
                    [&](const remote::Answer& answer) { return print_status(*asked, answer); });
            };
        });
    }
}

}  // namespace yeyak::tools
