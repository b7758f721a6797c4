// `yeyak auth revoke`: the tokens that a subject was given until now count no more.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "kernel/actor.h"
#include "kernel/text.h"
#include "kernel/utf8.h"
#include "privacy/person.h"
#include "replay-tools/audit/privacy_commands.h"
#include "replay-tools/auth/commands.h"
#include "replay-tools/cli/actor.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/reading/journal.h"
#include "replay-tools/remote/server.h"
#include "replay-tools/terminal/text.h"
#include "server/auth/revoked_tokens.h"

namespace yeyak::tools {
namespace {

using eventstore::StoreResult;

struct Revoke {
    const Platform& platform;
    std::filesystem::path data = {};
    std::string server = {};
    std::string config = {};
    std::string subject = {};
    std::string reason = {};
    std::string actor = {};
};

int check(const Revoke& asked) {
    if (!is_actor(asked.subject))
        return usage_error("--subject must be 1 to 64 characters without blanks");
    if (const auto wrong = privacy::told_for_ever(asked.subject))
        return usage_error("--subject: " + *wrong);
    const auto& reason = asked.reason;
    if (!is_utf8(reason) || has_control(reason) ||
        characters(reason) > server::longest_revocation_reason)
        return usage_error(fmt::format("--reason must have at most {} characters, on one line",
                                       server::longest_revocation_reason));
    if (const auto wrong = privacy::told_for_ever(reason))
        return usage_error("--reason: " + *wrong);
    return 0;
}

int print(const Revoke& asked, std::uint64_t position) {
    tell("Tokens of {} that were issued until now count no more; event {} says so\n",
         printable(asked.subject), position);
    return to_int(ExitCode::ok);
}

int revoke_on_server(const Revoke& asked) {
    const auto address = remote::parse_address(asked.server);
    if (!address) return usage_error("--server: " + address.error());
    remote::ClientRequest request{
        .method = "POST", .path = "/auth/revocations", .body = {}, .key = {}};
    request.body = fmt::format(R"({{"subject":{}{}{}}})", json_text(asked.subject),
                               asked.reason.empty() ? "" : R"(,"reason":)",
                               asked.reason.empty() ? "" : json_text(asked.reason));
    request.actor = asked.actor;
    remote::Server server{*address};
    const auto answer = server.call(std::move(request));
    if (!answer) return remote::refuse(answer.error());
    return print(asked, static_cast<std::uint64_t>(answer->number("/position").value_or(0)));
}

StoreResult<eventstore::Position> revoke_in(const Revoke& asked,
                                            const server::ServeConfig& config) {
    auto log = open_log_at_rest(asked.data, config, Access::write);
    if (!log) return std::unexpected(std::move(log).error());
    const auto now = now_at_rest();
    return record_at_rest(**log, now, asked.actor,
                          server::revocation_of(asked.subject, asked.reason, now));
}

int do_revoke(const Revoke& asked) {
    if (const int wrong = check(asked); wrong != 0) return wrong;
    if (!asked.server.empty()) return revoke_on_server(asked);
    const auto config = config_of(asked.platform.settings, asked.data, asked.config);
    if (!config) return usage_error(config.error());
    const auto position = revoke_in(asked, *config);
    if (!position) return refuse(position.error());
    return print(asked, *position);
}

}  // namespace

void add_auth_revoke(CLI::App& auth, Action& action, const Platform& platform) {
    auto asked = std::make_shared<Revoke>(Revoke{.platform = platform});
    auto* command =
        auth.add_subcommand("revoke", "End the tokens that a subject was given until now");
    auto* where = command->add_option_group("where", "Where the data is");
    where->add_option("--data", asked->data, "The data folder, which no server uses now")
        ->type_name("DIR");
    where->add_option("--server", asked->server, "A running server: http://127.0.0.1:8080")
        ->type_name("URL");
    where->require_option(1);
    command->add_option("--config", asked->config, "With --data: the server's TOML file")
        ->type_name("FILE");
    command->add_option("--subject", asked->subject, "Whose tokens: user:1")
        ->required()
        ->type_name("NAME");
    command
        ->add_option("--reason", asked->reason,
                     "Why; recorded in the log for ever, so it should name nobody else")
        ->type_name("TEXT");
    add_actor(*command, asked->actor);
    command->footer(
        footer("  yeyak auth revoke --server http://127.0.0.1:8080 --subject user:1\n"
               "  yeyak auth revoke --data ./data --subject clerk:kim --reason 'left the shop'\n\n"
               "It holds at once, and whoever made the tokens. A token that is made within the "
               "same second counts no more, either.\n"));
    command->callback([&action, asked] { action = [asked] { return do_revoke(*asked); }; });
}

}  // namespace yeyak::tools
