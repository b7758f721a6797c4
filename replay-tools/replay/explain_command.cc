// `yeyak replay explain`: the events that made a row, in order, each with what it changed.
#include <fmt/format.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>

#include "projections/runner/row_changes.h"
#include "projections/runner/row_history.h"
#include "replay-tools/cli/values.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/reading/revealer.h"
#include "replay-tools/replay/command.h"
#include "replay-tools/replay/explain.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

struct Explain {
    const Platform& platform;
    std::filesystem::path data = {};
    std::string server = {};
    ExplainQuery query = {};
    bool json = false;
};

std::string text_of(const simdjson::dom::element& event, const char* field) {
    std::string_view text;
    if (event[field].get(text) != simdjson::SUCCESS) return "";
    return printable(text);
}

std::uint64_t number_of(const simdjson::dom::element& event, const char* field) {
    std::uint64_t number = 0;
    (void)event[field].get(number);
    return number;
}

std::string time_of(const std::string& text) {
    const auto at = parse_instant(text);
    return at ? seoul_text(*at) : text;
}

void print_event(const std::string& json) {
    simdjson::dom::parser parser;
    simdjson::dom::element event;
    simdjson::dom::array changes;
    const auto read = parser.parse(simdjson::padded_string{json}).get(event);
    ensure(read == simdjson::SUCCESS && event["changes"].get(changes) == simdjson::SUCCESS,
           "an event of a history has changes");
    tell("event {}  {}  {}\n", number_of(event, "position"), time_of(text_of(event, "time")),
         text_of(event, "type"));
    auto from = fmt::format("{}@{}", text_of(event, "stream"), number_of(event, "version"));
    if (const auto actor = text_of(event, "actor"); !actor.empty()) from += ", by " + actor;
    if (const auto cause = text_of(event, "causationId"); !cause.empty())
        from += ", caused by " + cause;
    tell("      {}\n", from);
    for (const auto change : changes) {
        const auto before = simdjson::minify(change["before"].value());
        const auto after = simdjson::minify(change["after"].value());
        if (before == "null")
            tell("      {}: {}\n", text_of(change, "field"), printable(after));
        else
            tell("      {}: {} -> {}\n", text_of(change, "field"), printable(before),
                 printable(after));
    }
    if (changes.size() == 0) tell("      (changed nothing that is shown)\n");
}

ExplainResult read(const Explain& asked, const ExplainQuery& query, const EachEvent& each) {
    if (asked.server.empty()) {
        Revealer reveal{asked.platform.settings, asked.data};
        auto explained = explain_folder(asked.platform.views, asked.data, query,
                                        [&](const std::string& event) { each(reveal(event)); });
        if (explained && explained->row) explained->row = reveal(*explained->row);
        return explained;
    }
    const auto address = remote::parse_address(asked.server);
    if (!address) return std::unexpected(ExplainError{to_int(ExitCode::usage), address.error()});
    return explain_server(*address, query, each);
}

int refuse(const ExplainError& error) {
    fmt::print(stderr, "yeyak: {}\n", error.message);
    return error.exit_code;
}

// How the row would differ without one event; both rows are read up to the same position.
int explain_without(const Explain& asked) {
    const auto without = read(asked, asked.query, [](const std::string&) {});
    if (!without) return refuse(without.error());
    auto query = asked.query;
    query.without = 0;
    query.as_of = std::to_string(without->position);
    const auto with = read(asked, query, [](const std::string&) {});
    if (!with) return refuse(with.error());
    const auto fields = [](const Explained& explained) {
        return explained.row ? projections::fields_of_row(*explained.row)
                             : projections::RowFields{};
    };
    const auto changes = projections::changes_between(fields(*with), fields(*without));
    if (asked.json) {
        fmt::print(R"({{"view":{},"key":{},"position":{},"without":{},"row":{},"rowWithout":{},)"
                   R"("changes":{}}})"
                   "\n",
                   json_text(asked.query.view), json_text(asked.query.key), without->position,
                   asked.query.without, with->row.value_or("null"), without->row.value_or("null"),
                   projections::json_of_changes(changes));
        return to_int(ExitCode::ok);
    }
    tell("without event {} row {} of {} would {}\n", asked.query.without, asked.query.key,
         asked.query.view,
         !without->row     ? "not be there"
         : changes.empty() ? "be the same"
                           : "be different:");
    if (!without->row) return to_int(ExitCode::ok);
    for (const auto& change : changes)
        tell("      {}: {} -> {}\n", change.field, printable(change.before.value_or("(none)")),
             printable(change.after.value_or("(none)")));
    tell("{}\n", printable(*without->row));
    return to_int(ExitCode::ok);
}

int nothing_made_it(const Explain& asked, const Explained& explained) {
    fmt::print(
        stderr, "yeyak: no event{} made a row {} of {}\n",
        explained.position == 0 ? std::string{} : fmt::format(" up to {}", explained.position),
        asked.query.key, asked.query.view);
    return to_int(ExitCode::failed);
}

int do_explain(const Explain& asked) {
    const InterruptGuard guard;
    if (asked.query.without > 0) return explain_without(asked);
    bool first = true;
    const auto each = [&](const std::string& event) {
        if (!asked.json) return print_event(event);
        if (first)
            fmt::print(R"({{"view":{},"key":{},"events":[)", json_text(asked.query.view),
                       json_text(asked.query.key));
        fmt::print("{}{}", first ? "" : ",", event);
        first = false;
    };
    const auto explained = read(asked, asked.query, each);
    if (!explained) return refuse(explained.error());
    if (explained->unreadable > 0)
        fmt::print(stderr, "yeyak: could not be read: {}, the first: {}\n",
                   counted(explained->unreadable, "event"), explained->first_unreadable);
    if (!explained->row) return nothing_made_it(asked, *explained);
    if (asked.json)
        fmt::print(R"(],"position":{},"eventCount":{},"unreadable":{},"row":{}}})"
                   "\n",
                   explained->position, explained->events, explained->unreadable, *explained->row);
    else
        tell("{} made row {} of {}, as of event {}:\n{}\n", counted(explained->events, "event"),
             asked.query.key, asked.query.view, explained->position, printable(*explained->row));
    return to_int(ExitCode::ok);
}

}  // namespace

void add_explain(CLI::App& replay, Action& action, const Platform& platform) {
    auto asked = std::make_shared<Explain>(Explain{.platform = platform});
    auto* command = replay.add_subcommand(
        "explain", "Which events made a row of a view, and what each of them changed");
    auto* from = command->add_option_group("from", "Where the log is");
    from->add_option("--data", asked->data, "The data folder; a server may be running on it")
        ->type_name("DIR");
    from->add_option("--server", asked->server, "A running server")->type_name("URL");
    from->require_option(1);
    command->add_option("--view", asked->query.view, "The view")
        ->required()
        ->check(one_of(view_names(platform, false)))
        ->type_name("NAME");
    command->add_option("--key", asked->query.key, "The row's id, a number or a text")
        ->required()
        ->type_name("KEY");
    command->add_option("--as-of", asked->query.as_of, "Up to this position or time (RFC 3339)")
        ->type_name("POSITION|TIME");
    command
        ->add_option("--without", asked->query.without,
                     "What the row would be if this event had never been")
        ->check(whole_number(1))
        ->type_name("POSITION");
    command->add_flag("--json", asked->json, "Print the result as one JSON object");
    command->footer(
        footer("  yeyak replay explain --data ./data --view payments --key 1\n"
               "  yeyak replay explain --server http://127.0.0.1:8080 --view payments --key 1\n"
               "  yeyak replay explain --data ./data --view payments --key 1 --without 12\n"));
    command->callback([&action, asked] { action = [asked] { return do_explain(*asked); }; });
}

}  // namespace yeyak::tools
