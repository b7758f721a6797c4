// `yeyak audit export`: gives a person all that is held about them.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "privacy/erasure.h"
#include "privacy/holdings.h"
#include "replay-tools/audit/privacy_commands.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/reading/journal.h"
#include "replay-tools/terminal/progress.h"

namespace yeyak::tools {
namespace {

int print_export(const std::string& json) {
    fmt::print("{}\n", json);
    return to_int(ExitCode::ok);
}

int do_export(const PersonOptions& asked) {
    if (const int wrong = check_person_options(asked); wrong != 0) return wrong;
    if (!asked.server.empty()) return ask_server(asked, "/audit/exports", false, &print_export);
    auto data = open_at_rest(asked, Access::write);
    if (!data) return refuse(data.error());
    auto person = privacy::parse_person(asked.platform.people, *data->vault, asked.person);
    if (!person) return usage_error("--person: " + person.error());
    const auto plan = privacy::plan_erasure(*data->log, *data->keys, *std::move(person));
    if (!plan) return refuse(plan.error());
    Progress progress{"audit export", data->log->head()};
    const auto held = privacy::find_holdings(
        {.log = *data->log,
         .views = *data->views,
         .known_views = asked.platform.views,
         .person = plan->person,
         .key_names = plan->key_names,
         .with_content = true,
         .reached = [&](eventstore::Position position) { progress.reached(position); }});
    progress.clear();
    if (!held) return refuse(held.error());
    if (plan->keys.empty() && held->events == 0) {
        fmt::print(stderr, "yeyak: nothing is held about this person\n");
        return to_int(ExitCode::failed);
    }
    const auto recorded =
        record_at_rest(*data->log, now_at_rest(), asked.actor,
                       operations::PersonExported{plan->person.recorded, asked.reason});
    if (!recorded) return refuse(recorded.error());
    auto json = privacy::export_json(*plan, *held, asked.reason);
    data->keys->reveal_json(json);
    return print_export(json);
}

}  // namespace

void add_export(CLI::App& audit, Action& action, const Platform& platform) {
    auto asked = std::make_shared<PersonOptions>(platform);
    auto* command = audit.add_subcommand(
        "export", "Give a person all that is held about them, as JSON; it is recorded");
    add_person_options(*command, *asked);
    command->footer(
        footer("  yeyak audit export --server http://127.0.0.1:8080 --person "
               "prereservation/user:17 --reason 'asked for it' > user-17.json\n"
               "  yeyak audit export --data ./data --person phoneshop/order:5 --reason "
               "'asked for it' | jq .held.rows\n"));
    command->callback([&action, asked] { action = [asked] { return do_export(*asked); }; });
}

}  // namespace yeyak::tools
