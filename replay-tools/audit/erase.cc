// `yeyak audit erase`: destroys the keys of a person's fields.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "audit/proofs/files.h"
#include "audit/proofs/recovery.h"
#include "kernel/ensure.h"
#include "privacy/erasure.h"
#include "privacy/holdings.h"
#include "replay-tools/audit/privacy_commands.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/reading/journal.h"
#include "replay-tools/remote/answer.h"
#include "replay-tools/terminal/progress.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

using eventstore::StoreResult;

struct Erase : PersonOptions {
    using PersonOptions::PersonOptions;
    bool dry_run = false;
};

int print_result(const Erase& asked, const std::string& json) {
    if (asked.json) {
        fmt::print("{}\n", json);
        return to_int(ExitCode::ok);
    }
    remote::Answer answer;
    answer.body = json;
    const auto person = answer.text("/person").value_or("");
    const auto result = answer.text("/result").value_or("");
    std::uint64_t keys = 0;
    while (answer.text(fmt::format("/keys/{}", keys))) ++keys;
    const auto number = [&](const char* name) {
        return static_cast<std::uint64_t>(answer.number(name).value_or(0));
    };
    if (result == "preview") {
        tell("{}: {} would be destroyed\n", printable(person), counted(keys, "key"));
        tell("  {} about this person, {} of them with sealed fields\n",
             counted(number("/events"), "event"), grouped(number("/sealedEvents")));
        tell("Nothing was changed.\n");
    } else if (result == "nothing_left") {
        tell("{}: erased before, nothing is left to be destroyed\n", printable(person));
    } else {
        tell("{}: erased, {} destroyed; event {} says so\n", printable(person),
             counted(keys, "key"), number("/position"));
    }
    return to_int(ExitCode::ok);
}

StoreResult<std::string> erase_at_rest(AtRest& data, const Erase& asked, privacy::Person person) {
    auto plan = privacy::plan_erasure(*data.log, *data.keys, std::move(person));
    if (!plan) return std::unexpected(std::move(plan).error());
    if (asked.dry_run) {
        Progress progress{"audit erase", data.log->head()};
        const auto held = privacy::find_holdings(
            {.log = *data.log,
             .views = *data.views,
             .known_views = asked.platform.views,
             .person = plan->person,
             .key_names = plan->key_names,
             .reached = [&](eventstore::Position position) { progress.reached(position); }});
        if (!held) return std::unexpected(held.error());
        if (plan->keys.empty() && held->events == 0) return std::string{};
        return privacy::erasure_json(*plan, &*held, asked.reason, "preview", 0);
    }
    if (plan->keys.empty()) {
        const auto before = privacy::was_erased(*data.log, plan->person);
        if (!before) return std::unexpected(before.error());
        if (!*before) return std::string{};
        return privacy::erasure_json(*plan, nullptr, asked.reason, "nothing_left", 0);
    }
    // A server that ended in order has signed all of the log.
    const auto checkpoint = audit::read_file(audit::checkpoint_file_in(asked.data));
    if (!checkpoint) return std::unexpected(checkpoint.error());
    const auto recorded =
        record_at_rest(*data.log, now_at_rest(), asked.actor,
                       privacy::erasure_of(*plan, asked.reason, checkpoint->value_or("")));
    if (!recorded) return std::unexpected(recorded.error());
    const auto destroyed = data.keys->destroy_now(plan->keys);
    if (!destroyed) return std::unexpected(destroyed.error());
    return privacy::erasure_json(*plan, nullptr, asked.reason, "erased", *recorded);
}

int do_erase(const Erase& asked) {
    if (const int wrong = check_person_options(asked); wrong != 0) return wrong;
    if (!asked.server.empty())
        return ask_server(asked, "/audit/erasures", asked.dry_run,
                          [&](const std::string& body) { return print_result(asked, body); });
    auto data = open_at_rest(asked, asked.dry_run ? Access::read : Access::write);
    if (!data) return refuse(data.error());
    auto person = privacy::parse_person(asked.platform.people, *data->vault, asked.person);
    if (!person) return usage_error("--person: " + person.error());
    const auto json = erase_at_rest(*data, asked, *std::move(person));
    if (!json) return refuse(json.error());
    if (!json->empty()) return print_result(asked, *json);
    fmt::print(stderr, "yeyak: nothing is sealed for this person, and nothing ever was\n");
    return to_int(ExitCode::failed);
}

}  // namespace

void add_erase(CLI::App& audit, Action& action, const Platform& platform) {
    auto asked = std::make_shared<Erase>(platform);
    auto* command = audit.add_subcommand(
        "erase", "Destroy the keys of a person's fields: they read (erased) from then on");
    add_person_options(*command, *asked);
    command->add_flag("--dry-run", asked->dry_run, "Only tell what would be erased");
    command->footer(
        footer("  yeyak audit erase --server http://127.0.0.1:8080 --person prereservation/user:17 "
               "--reason 'asked for it' --dry-run\n"
               "  yeyak audit erase --server http://127.0.0.1:8080 --person prereservation/user:17 "
               "--reason 'asked for it'\n"
               "  yeyak audit erase --data ./data --person repairshop/vehicle:0101 --reason "
               "'case 2026-117'\n"));
    command->callback([&action, asked] { action = [asked] { return do_erase(*asked); }; });
}

}  // namespace yeyak::tools
