// `yeyak audit accept-keys`: goes on with the keys that are there, as an operator decided.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "replay-tools/audit/privacy_commands.h"
#include "replay-tools/cli/actor.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/reading/journal.h"
#include "replay-tools/terminal/text.h"
#include "server/folder_keys.h"

namespace yeyak::tools {
namespace {

using eventstore::StoreError;
using eventstore::StoreResult;

struct AcceptKeys {
    const Platform& platform;
    std::filesystem::path data = {};
    std::string config = {};
    std::string reason = {};
    std::string actor = {};
    bool json = false;
};

// Who decided it is recorded before it counts: keys are never exchanged in silence.
StoreResult<operations::KeysAccepted> accept(const AcceptKeys& asked,
                                             const server::ServeConfig& config) {
    auto log = open_log_at_rest(asked.data, config, Access::write);
    if (!log) return std::unexpected(std::move(log).error());
    const auto keys = server::make_missing_keys(config);
    if (!keys) return std::unexpected(keys.error());
    operations::KeysAccepted fact{asked.reason, keys->tokens, keys->signing, keys->persons};
    if (auto recorded = record_at_rest(**log, now_at_rest(), asked.actor, fact); !recorded)
        return std::unexpected(std::move(recorded).error());
    if (auto done = server::record_keys(**log, now_at_rest(), *keys); !done)
        return std::unexpected(std::move(done).error());
    return fact;
}

int do_accept(const AcceptKeys& asked) {
    if (asked.reason.empty() || asked.reason.size() > 500)
        return usage_error("--reason must be 1 to 500 bytes long");
    if (const auto wrong = privacy::told_for_ever(asked.reason))
        return usage_error("--reason: " + *wrong);
    const auto config = config_of(asked.platform.settings, asked.data, asked.config);
    if (!config) return usage_error(config.error());
    const auto accepted = accept(asked, *config);
    if (!accepted) return refuse(accepted.error());
    if (asked.json)
        fmt::print(R"({{"tokens":"{}","signing":"{}","persons":"{}"}})"
                   "\n",
                   accepted->tokens, accepted->signing, accepted->persons);
    else
        tell(
            "The log goes on with the key of tokens {}, the audit key {} and the keys of "
            "persons {}\n",
            accepted->tokens, accepted->signing, accepted->persons);
    return to_int(ExitCode::ok);
}

}  // namespace

void add_accept_keys(CLI::App& audit, Action& action, const Platform& platform) {
    auto asked = std::make_shared<AcceptKeys>(AcceptKeys{.platform = platform});
    auto* command = audit.add_subcommand(
        "accept-keys", "Go on with the keys that are there; makes those that are missing");
    command->add_option("--data", asked->data, "The data folder, which no server uses now")
        ->required()
        ->type_name("DIR");
    command->add_option("--config", asked->config, "The server's TOML file")->type_name("FILE");
    command->add_option("--reason", asked->reason, "Why; recorded in the log for ever")
        ->required()
        ->type_name("TEXT");
    add_actor(*command, asked->actor);
    command->add_flag("--json", asked->json, "Print the result as one JSON object");
    command->footer(footer(
        "  yeyak audit accept-keys --data ./data --reason 'disk of the keys is lost'\n"
        "\nWithout the key of tokens, persons and cards that come back count as new; without the "
        "keys of persons, their fields read (erased); without the audit key, receipts given out "
        "before verify with the old public key only.\n"));
    command->callback([&action, asked] { action = [asked] { return do_accept(*asked); }; });
}

}  // namespace yeyak::tools
