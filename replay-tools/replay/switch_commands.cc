// `yeyak replay rollback`, and what can be done with a rebuild on a server: status, pause, resume,
// cancel.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "projections/rebuild/switch_note.h"
#include "replay-tools/cli/values.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/replay/at_rest.h"
#include "replay-tools/replay/command.h"
#include "replay-tools/replay/server_rebuilds.h"
#include "replay-tools/replay/where.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

struct OfView {
    Where where;
    std::string view;
};

std::shared_ptr<OfView> at_rest_or_server(CLI::App& command, const Platform& platform) {
    auto made = std::make_shared<OfView>();
    add_where(command, made->where, true);
    command.add_option("--view", made->view, "The view")
        ->required()
        ->check(one_of(view_names(platform, false)))
        ->type_name("NAME");
    return made;
}

// Whoever only looks need not say at what.
std::shared_ptr<OfView> on_server(CLI::App& command, const Platform& platform, bool looks) {
    auto made = std::make_shared<OfView>();
    add_where(command, made->where, false);
    auto* view = command.add_option("--view", made->view, "The view, or all")
                     ->check(one_of(view_names(platform, true)))
                     ->type_name("NAME");
    if (!looks) {
        view->required();
        return made;
    }
    made->view = "all";
    view->capture_default_str();
    return made;
}

int print_rolled_back(const OfView& asked, std::uint64_t generation, std::uint64_t position) {
    if (asked.where.json)
        fmt::print(R"({{"view":"{}","generation":{},"position":{}}})"
                   "\n",
                   asked.view, generation, position);
    else
        tell("view {}: readers see generation {} again, at event {}\n", asked.view, generation,
             position);
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
    const auto rebuilds = rebuilds_in(answer, asked.view);
    for (const auto& one : rebuilds)
        tell("view {}: {}, generation {}, event {} of {}, {} events/s{}{}\n", one.view, one.state,
             one.generation, one.position, one.goal, grouped(one.events_per_second),
             one.seconds_left ? fmt::format(", {} s left", *one.seconds_left) : "",
             one.detail.empty() ? "" : ": " + one.detail);
    if (asked.view == "all") tell("{}\n", summary_of(rebuilds));
    return to_int(ExitCode::ok);
}

}  // namespace

void add_rollback(CLI::App& replay, Action& action, const Platform& platform) {
    auto* command =
        replay.add_subcommand("rollback", "Show readers the build before the last switch again");
    const auto asked = at_rest_or_server(*command, platform);
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
        const auto asked = on_server(*command, platform, std::string_view{verb.method} == "GET");
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
