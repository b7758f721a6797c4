#include "replay-tools/audit/privacy_commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include "kernel/utf8.h"
#include "privacy/erasure.h"
#include "replay-tools/cli/actor.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/remote/server.h"
#include "replay-tools/terminal/text.h"
#include "server/folder_keys.h"

namespace yeyak::tools {

using eventstore::StoreError;
using eventstore::StoreResult;

namespace {

// A server reads its whole log for an answer.
constexpr std::chrono::hours server_limit{1};

StoreError refuse_open(std::string detail) {
    return {StoreError::Kind::refused_open, std::move(detail)};
}

StoreResult<void> open_keys(AtRest& opened, Access access) {
    auto keys = server::open_privacy_keys(*opened.log, opened.config, access == Access::write);
    if (!keys) return std::unexpected(std::move(keys).error());
    opened.vault = std::move(keys->vault);
    opened.keys = std::move(keys->persons);
    if (access == Access::read) return {};
    return privacy::complete_erasures(*opened.log, *opened.keys);
}

}  // namespace

int usage_error(std::string_view what) {
    fmt::print(stderr, "yeyak: {}\n", what);
    return to_int(ExitCode::usage);
}

void add_person_options(CLI::App& command, PersonOptions& options) {
    auto* where = command.add_option_group("where", "Where the data is");
    where->add_option("--data", options.data, "The data folder, which no server uses now")
        ->type_name("DIR");
    where->add_option("--server", options.server, "A running server: http://127.0.0.1:8080")
        ->type_name("URL");
    where->require_option(1);
    command.add_option("--config", options.config, "With --data: the server's TOML file")
        ->type_name("FILE");
    command
        .add_option("--person", options.person,
                    "Who: " + privacy::forms_of(options.platform.people))
        ->required()
        ->type_name("PERSON");
    command
        .add_option("--reason", options.reason,
                    "Why; recorded in the log for ever, so it should name nobody")
        ->required()
        ->type_name("TEXT");
    add_actor(command, options.actor);
    command.add_flag("--json", options.json, "Print the result as one JSON object");
}

std::expected<server::ServeConfig, std::string> config_of(server::ConfigKeys settings,
                                                          const std::filesystem::path& data,
                                                          const std::string& file) {
    server::Settings flags{{"data", data.string()}};
    if (!file.empty()) flags["config"] = file;
    return server::load_config(settings, server::environment(), flags);
}

StoreResult<std::unique_ptr<eventstore::RocksStore>> open_log_at_rest(
    const std::filesystem::path& data, const server::ServeConfig& config, Access access) {
    eventstore::RocksOptions options;
    options.data_dir = data;
    options.read_only = true;
    // A folder that is none is refused before anything is created.
    auto log = eventstore::RocksStore::open(options);
    if (!log || access == Access::read) return log;
    log->reset();
    options.read_only = false;
    options.headroom_bytes = static_cast<std::uint64_t>(config.disk_headroom_bytes);
    auto writable = eventstore::RocksStore::open(options);
    if (!writable && exit_code_of(writable.error()) == ExitCode::in_use)
        return std::unexpected(
            StoreError{writable.error().kind,
                       writable.error().detail + "; a server runs on it: ask that with --server"});
    return writable;
}

StoreResult<AtRest> open_at_rest(const PersonOptions& options, Access access) {
    AtRest opened;
    auto config = config_of(options.platform.settings, options.data, options.config);
    if (!config) return std::unexpected(refuse_open(std::move(config).error()));
    opened.config = *std::move(config);
    auto log = open_log_at_rest(options.data, opened.config, access);
    if (!log) return std::unexpected(std::move(log).error());
    opened.log = *std::move(log);
    auto views = projections::ViewStore::open(options.data / "views", true);
    if (!views) return std::unexpected(std::move(views).error());
    opened.views = *std::move(views);
    if (auto keys = open_keys(opened, access); !keys) return std::unexpected(keys.error());
    return opened;
}

Instant now_at_rest() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

int check_person_options(const PersonOptions& options) {
    const auto& reason = options.reason;
    const bool one_line = is_utf8(reason) && !has_control(reason);
    if (reason.empty() || !one_line || characters(reason) > privacy::longest_reason)
        return usage_error(fmt::format("--reason must have 1 to {} characters, on one line",
                                       privacy::longest_reason));
    if (const auto wrong = privacy::told_for_ever(reason, options.platform.people, options.person))
        return usage_error("--reason: " + *wrong);
    return 0;
}

int ask_server(const PersonOptions& options, const std::string& path, bool dry_run,
               const std::function<int(const std::string& body)>& print) {
    const auto address = remote::parse_address(options.server);
    if (!address) return usage_error("--server: " + address.error());
    remote::ClientRequest request{.method = "POST", .path = path, .body = {}, .key = {}};
    request.body = fmt::format(R"({{"person":{},"reason":{}{}}})", json_text(options.person),
                               json_text(options.reason), dry_run ? R"(,"dryRun":true)" : "");
    request.actor = options.actor;
    request.limit = server_limit;
    remote::Server server{*address};
    const auto answer = server.call(std::move(request));
    if (!answer) return remote::refuse(answer.error());
    return print(answer->body);
}

}  // namespace yeyak::tools
