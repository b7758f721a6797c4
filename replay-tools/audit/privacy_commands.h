// `yeyak audit erase`, `export`, `rotate-master-key` and `accept-keys`: what they share. A data
// folder at rest is opened as the server opens it; a running server is asked over HTTP.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "eventstore/rocks_store.h"
#include "privacy/person.h"
#include "privacy/person_keys.h"
#include "projections/runner/view_store.h"
#include "replay-tools/cli/cli.h"
#include "replay-tools/platform.h"
#include "server/config/config.h"

namespace yeyak::tools {

void add_erase(CLI::App& audit, Action& action, const Platform& platform);
void add_export(CLI::App& audit, Action& action, const Platform& platform);
void add_rotate(CLI::App& audit, Action& action, const Platform& platform);
void add_accept_keys(CLI::App& audit, Action& action, const Platform& platform);

// What `--person` and its companions say.
struct PersonOptions {
    explicit PersonOptions(const Platform& known) : platform(known) {}

    const Platform& platform;
    std::filesystem::path data;
    std::string config;  // TOML file; empty: YEYAK_CONFIG, or none
    std::string server;
    std::string person;
    std::string reason;
    std::string actor;
    bool json = false;
};
void add_person_options(CLI::App& command, PersonOptions& options);

// The configuration of a data folder: environment, file, and the folder itself.
std::expected<server::ServeConfig, std::string> config_of(server::ConfigKeys settings,
                                                          const std::filesystem::path& data,
                                                          const std::string& file);

enum class Access { read, write };

eventstore::StoreResult<std::unique_ptr<eventstore::RocksStore>> open_log_at_rest(
    const std::filesystem::path& data, const server::ServeConfig& config, Access access);

// Log, keys and views of a data folder that no server uses; with Access::read beside one, too.
struct AtRest {
    server::ServeConfig config;
    std::unique_ptr<privacy::Vault> vault;
    std::unique_ptr<eventstore::RocksStore> log;
    std::unique_ptr<projections::ViewStore> views;
    std::unique_ptr<privacy::PersonKeys> keys;
};
eventstore::StoreResult<AtRest> open_at_rest(const PersonOptions& options, Access access);

// Milliseconds since 1970.
Instant now_at_rest();

// POSTs person and reason, and prints what was answered; the exit code.
int ask_server(const PersonOptions& options, const std::string& path, bool dry_run,
               const std::function<int(const std::string& body)>& print);

// Checks what stands in `options` without the data; prints what is wrong. 0 when all is well.
int check_person_options(const PersonOptions& options);

int usage_error(std::string_view what);

}  // namespace yeyak::tools
