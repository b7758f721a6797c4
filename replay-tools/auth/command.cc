// `yeyak auth`, and `yeyak auth init`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <system_error>

#include "auth/issuer.h"
#include "replay-tools/auth/commands.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

namespace fs = std::filesystem;

int failed(ExitCode code, std::string_view what) {
    fmt::print(stderr, "yeyak: {}\n", what);
    return to_int(code);
}

// A key in a folder of something else would be lost from sight. Empty when there is nothing wrong.
std::string refuse_folder(const fs::path& data) {
    std::error_code error;
    if (fs::exists(data, error) && !fs::is_directory(data, error))
        return fmt::format("{} is not a folder", data.string());
    const bool used = fs::exists(data / "FORMAT", error);
    if (!used && fs::exists(data, error) && !fs::is_empty(data, error))
        return fmt::format("{} is not a data folder", data.string());
    fs::create_directories(data, error);
    return error ? fmt::format("cannot create {}: {}", data.string(), error.message()) : "";
}

int do_init(const fs::path& data) {
    const auto file = auth::own_key_file_in(data);
    std::error_code unknown;
    if (fs::exists(file, unknown))
        return failed(ExitCode::failed,
                      fmt::format("{} is there already. To make another key, move it away: tokens "
                                  "that were made with it count no more",
                                  file.string()));
    if (const auto wrong = refuse_folder(data); !wrong.empty())
        return failed(ExitCode::cannot_read, wrong);
    const auto issuer = auth::Issuer::make(file);
    if (!issuer) return failed(ExitCode::cannot_read, issuer.error());
    tell("Made the key {} in {}. A server asks for tokens once auth.mode is jwt:\n",
         issuer->key_id(), file.string());
    tell("  yeyak serve --data {} --auth-mode jwt\n", data.string());
    return to_int(ExitCode::ok);
}

}  // namespace

void add_auth_init(CLI::App& auth, Action& action) {
    auto data = std::make_shared<fs::path>();
    auto* command = auth.add_subcommand("init", "Make the key that tokens are made with");
    command->add_option("--data", *data, "The data folder, beside a running server as well")
        ->required()
        ->type_name("DIR");
    command->footer(
        footer("  yeyak auth init --data ./data\n\nA server that runs takes a new key at its next "
               "start. The key is for one folder; nothing in the log is bound to it.\n"));
    command->callback([&action, data] { action = [data] { return do_init(*data); }; });
}

void add_auth(CLI::App& app, Action& action, const Platform& platform) {
    auto* auth = app.add_subcommand("auth", "Make tokens for a server, and revoke them");
    auth->require_subcommand(1);
    auth->footer(
        footer("  yeyak auth init --data ./data\n"
               "  yeyak auth token --data ./data --subject user:1 --role customer --ttl 1h\n"
               "  yeyak auth revoke --server http://127.0.0.1:8080 --subject user:1\n"));
    add_auth_init(*auth, action);
    add_auth_token(*auth, action);
    add_auth_revoke(*auth, action, platform);
}

}  // namespace yeyak::tools
