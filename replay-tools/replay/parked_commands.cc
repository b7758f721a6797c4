// `yeyak replay parked`, `retry` and `skip`: events that a view could not apply.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "kernel/percent.h"
#include "projections/rebuild/parked.h"
#include "projections/rebuild/skips.h"
#include "replay-tools/cli/values.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/replay/at_rest.h"
#include "replay-tools/replay/command.h"
#include "replay-tools/replay/where.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

using projections::ParkedEvent;

constexpr std::size_t page = 100;

struct Parked {
    const Platform& platform;
    Where where = {};
    std::string view = {};
    std::string stream = {};
    std::uint64_t position = 0;
    std::string reason = {};
};

std::shared_ptr<Parked> parked_options(CLI::App& command, const Platform& platform) {
    auto made = std::make_shared<Parked>(Parked{.platform = platform});
    add_where(command, made->where, true);
    command.add_option("--view", made->view, "The view")
        ->required()
        ->check(one_of(view_names(platform, false)))
        ->type_name("NAME");
    return made;
}

std::string path_of(const Parked& asked, std::string_view what) {
    return fmt::format("/projections/{}/{}", asked.view, what);
}

// The live build at rest; what is wrong with it has been printed when there is none.
struct AtRest {
    std::unique_ptr<projections::ViewStore> store;
    projections::Build build;
    int refused = 0;
};

AtRest live_at_rest(const Parked& asked) {
    AtRest found;
    auto store = open_views_at_rest(asked.where.data);
    if (!store) {
        found.refused = views_refused(store.error());
        return found;
    }
    found.store = *std::move(store);
    const auto build = found.store->active(
        asked.view, projections::find_view(asked.platform.views, asked.view)->version());
    if (!build) {
        found.refused = refuse(build.error());
    } else if (build->generation == 0) {
        fmt::print(stderr, "yeyak: view {} was not built by this version; rebuild it first\n",
                   asked.view);
        found.refused = to_int(ExitCode::failed);
    } else {
        found.build = *build;
    }
    return found;
}

// --- parked --------------------------------------------------------------------------------------

void print(const Parked& asked, const ParkedEvent& event, bool& first) {
    if (asked.where.json) {
        fmt::print(R"({}{{"stream":{},"position":{},"type":{},"reason":{}}})", first ? "" : ",",
                   json_text(event.stream), event.position, json_text(event.type),
                   event.reason.empty() ? "null" : json_text(event.reason));
    } else {
        tell("{:>10}  {}  {}  {}\n", event.position, event.stream, event.type,
             event.reason.empty() ? "waits behind the one before it" : event.reason);
    }
    first = false;
}

// Prints page after page; `next` gives the one after an event.
using NextPage =
    std::function<eventstore::StoreResult<std::vector<ParkedEvent>>(const ParkedEvent& after)>;
int print_all(const Parked& asked, const NextPage& next) {
    bool first = true;
    if (asked.where.json) fmt::print(R"({{"view":"{}","parked":[)", asked.view);
    ParkedEvent after;
    while (true) {
        const auto events = next(after);
        if (!events) return refuse(events.error());
        for (const auto& event : *events) print(asked, event, first);
        if (events->size() < page) break;
        after = events->back();
    }
    if (asked.where.json)
        fmt::print("]}}\n");
    else if (first)
        tell("view {}: nothing is parked\n", asked.view);
    return to_int(ExitCode::ok);
}

int show_at_rest(const Parked& asked) {
    const auto at = live_at_rest(asked);
    if (at.refused != 0) return at.refused;
    return print_all(asked, [&](const ParkedEvent& after) {
        return projections::parked_events(*at.store, at.build, after, page);
    });
}

std::vector<ParkedEvent> events_in(const remote::Answer& answer) {
    std::vector<ParkedEvent> events;
    for (std::size_t i = 0;; ++i) {
        const auto at = fmt::format("/parked/{}", i);
        const auto position = answer.number(at + "/position");
        if (!position) return events;
        events.push_back(
            {answer.text(at + "/stream").value_or(""), static_cast<eventstore::Position>(*position),
             answer.text(at + "/type").value_or(""), answer.text(at + "/reason").value_or("")});
    }
}

int show_on_server(const Parked& asked) {
    int failed = 0;
    const int printed = print_all(
        asked, [&](const ParkedEvent& after) -> eventstore::StoreResult<std::vector<ParkedEvent>> {
            std::vector<ParkedEvent> events;
            const auto path =
                fmt::format("{}?afterStream={}&afterPosition={}", path_of(asked, "parked"),
                            percent_encode(after.stream), after.position);
            failed = ask(asked.where, "GET", path, "", [&](const remote::Answer& answer) {
                events = events_in(answer);
                return 0;
            });
            return events;
        });
    return failed != 0 ? failed : printed;
}

// --- retry and skip ------------------------------------------------------------------------------

int print_tried(const Parked& asked, std::uint64_t applied, std::uint64_t parked) {
    if (asked.where.json)
        fmt::print(R"({{"view":"{}","applied":{},"parked":{}}})"
                   "\n",
                   asked.view, applied, parked);
    else
        tell("view {}: {} parked no longer, {} still\n", asked.view, counted(applied, "event"),
             grouped(parked));
    return to_int(parked == 0 ? ExitCode::ok : ExitCode::failed);
}

int try_at_rest(const Parked& asked, const AtRest& at) {
    const auto log = open_log(asked.where.data);
    if (!log) return refuse(log.error());
    const auto skips = projections::read_skips(**log);
    if (!skips) return refuse(skips.error());
    const auto builder = projections::find_view(asked.platform.views, asked.view)
                             ->builder(*at.store, at.build,
                                       {.skipped = projections::skipped_in(*skips, asked.view)});
    if (!builder) return refuse(builder.error());
    const auto done =
        projections::retry_parked(**log, *at.store, at.build, **builder, asked.stream);
    if (!done) return refuse(done.error());
    return print_tried(asked, *done, (*builder)->parked());
}

int skip_at_rest(const Parked& asked) {
    const auto at = live_at_rest(asked);
    if (at.refused != 0) return at.refused;
    const auto event = projections::first_parked(*at.store, at.build, asked.position);
    if (!event) return refuse(event.error());
    if (!*event) {
        fmt::print(stderr,
                   "yeyak: event {} is not the first parked event of a stream in {}; yeyak replay "
                   "parked shows those with their reason\n",
                   asked.position, asked.view);
        return to_int(ExitCode::failed);
    }
    const operations::EventSkipped fact{asked.view, static_cast<std::int64_t>(asked.position),
                                        asked.reason};
    if (const auto told = record_facts(asked.where.data, {{asked.where.actor, fact}}); !told)
        return refuse(told.error());
    auto stream = asked;
    stream.stream = (*event)->stream;
    return try_at_rest(stream, at);
}

int try_on_server(const Parked& asked, std::string_view what, std::string body) {
    return ask(asked.where, "POST", path_of(asked, what), std::move(body),
               [&](const remote::Answer& answer) {
                   const auto number = [&](const char* name) {
                       return static_cast<std::uint64_t>(answer.number(name).value_or(0));
                   };
                   return print_tried(asked, number("/applied"), number("/parked"));
               });
}

int retry_at_rest(const Parked& asked) {
    const auto at = live_at_rest(asked);
    return at.refused != 0 ? at.refused : try_at_rest(asked, at);
}

}  // namespace

void add_parked(CLI::App& replay, Action& action, const Platform& platform) {
    auto* command = replay.add_subcommand("parked", "Show the events that a view could not apply");
    const auto asked = parked_options(*command, platform);
    command->footer(
        footer("  yeyak replay parked --server http://127.0.0.1:8080 --view payments\n"
               "  yeyak replay parked --data ./data --view payments --json\n"));
    command->callback([&action, asked] {
        check_where(asked->where);
        action = [asked] {
            return asked->where.server.empty() ? show_at_rest(*asked) : show_on_server(*asked);
        };
    });
}

void add_retry(CLI::App& replay, Action& action, const Platform& platform) {
    auto* command = replay.add_subcommand("retry", "Try parked events again, in order");
    const auto asked = parked_options(*command, platform);
    command->add_option("--stream", asked->stream, "Only those of this stream")->type_name("NAME");
    command->footer(
        footer("  yeyak replay retry --server http://127.0.0.1:8080 --view payments\n"
               "  yeyak replay retry --data ./data --view payments --stream payment.payment-17\n"));
    command->callback([&action, asked] {
        check_where(asked->where);
        action = [asked] {
            if (asked->where.server.empty()) return retry_at_rest(*asked);
            return try_on_server(*asked, "retry",
                                 asked->stream.empty()
                                     ? "{}"
                                     : fmt::format(R"({{"stream":{}}})", json_text(asked->stream)));
        };
    });
}

void add_skip(CLI::App& replay, Action& action, const Platform& platform) {
    auto* command = replay.add_subcommand(
        "skip",
        "Go on without a parked event, now and in every later rebuild; recorded in the log");
    const auto asked = parked_options(*command, platform);
    command->add_option("--position", asked->position, "Where the event stands in the log")
        ->required()
        ->check(whole_number(1))
        ->type_name("POSITION");
    command->add_option("--reason", asked->reason, "Why, for the record")
        ->required()
        ->type_name("TEXT");
    command->footer(
        footer("  yeyak replay skip --server http://127.0.0.1:8080 --view payments --position 17 "
               "--reason \"sent twice\" --actor ann\n"));
    command->callback([&action, asked] {
        check_where(asked->where);
        action = [asked] {
            if (asked->where.server.empty()) return skip_at_rest(*asked);
            return try_on_server(*asked, "skip",
                                 fmt::format(R"({{"position":{},"reason":{}}})", asked->position,
                                             json_text(asked->reason)));
        };
    });
}

}  // namespace yeyak::tools
