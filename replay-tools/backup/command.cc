// `yeyak backup` with list, verify and prune, and `yeyak restore`.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include "audit/backup/take.h"
#include "replay-tools/audit/privacy_commands.h"
#include "replay-tools/audit/proofs.h"
#include "replay-tools/backup/report.h"
#include "replay-tools/backup/restore.h"
#include "replay-tools/backup/take.h"
#include "replay-tools/cli/actor.h"
#include "replay-tools/cli/cli.h"
#include "replay-tools/cli/values.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/progress.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"
#include "server/config/config_keys.h"
#include "server/folder_keys.h"

namespace yeyak::tools {
namespace {

int usage(std::string_view what) {
    fmt::print(stderr, "yeyak: {}\n", what);
    return to_int(ExitCode::usage);
}

// --- take ----------------------------------------------------------------------------------------

int do_take(const TakeOptions& asked) {
    if (asked.to.empty()) return usage("backup: --to DIR is missing: where the backup goes");
    if (asked.data.empty() == asked.server.empty())
        return usage("backup: give --data DIR for data at rest, or --server URL for a server");
    return asked.server.empty() ? take_at_rest(asked) : ask_server(asked);
}

void add_take(CLI::App& command, Action& action) {
    auto asked = std::make_shared<TakeOptions>();
    command.add_option("--data", asked->data, "The data folder, when no server has it open")
        ->type_name("DIR");
    command
        .add_option("--server", asked->server,
                    "The server that has it open; it writes to DIR on its own machine, below "
                    "backup.dir")
        ->type_name("URL");
    command.add_option("--to", asked->to, "The folder of backups")->type_name("DIR");
    command
        .add_option("--keys-to", asked->keys_to,
                    "Copy the secret keys, too, to a folder that lies apart; the copy before is "
                    "replaced")
        ->type_name("DIR");
    command.add_option("--key-file", asked->key_file, "The key that signs")
        ->type_name("FILE")
        ->default_str("audit.key in the data folder");
    command.add_option("--origin", asked->origin, "The name of the log, as audit.origin")
        ->capture_default_str();
    command.add_option("--max-rate", asked->max_rate, "MiB a second at most; 0: no limit")
        ->check(whole_number(0))
        ->type_name("NUMBER")
        ->capture_default_str();
    add_actor(command, asked->actor);
    command.add_flag("--json", asked->json, "Print the result as one JSON object");
    command.callback([&action, asked, &command] {
        if (!command.get_subcommands().empty()) return;
        action = [asked] { return do_take(*asked); };
    });
}

// --- list, verify, prune, restore ----------------------------------------------------------------

struct Asked {
    std::filesystem::path folder;
    std::filesystem::path data;
    std::filesystem::path keys_from;
    std::uint64_t number = 0;
    std::size_t keep = 0;
    std::string key;
    bool json = false;
};

int do_list(const Asked& asked) {
    const auto folder = backup::BackupFolder::open(asked.folder);
    if (!folder) return refuse(folder.error());
    const auto numbers = folder->numbers();
    if (!numbers) return refuse(numbers.error());
    std::vector<backup::BackupManifest> backups;
    for (const auto number : *numbers) {
        const auto opened = folder->unchecked_manifest(number);
        if (!opened) return refuse(opened.error());
        backups.push_back(opened->manifest);
    }
    print_list(backups, asked.json);
    return to_int(ExitCode::ok);
}

int do_prune(const Asked& asked) {
    const auto gone = backup::prune_backups(asked.folder, asked.keep);
    if (!gone) return refuse(gone.error());
    if (asked.json)
        fmt::print("{{\"removed\":{}}}\n", *gone);
    else
        tell("Removed: {}; kept: the newest {}\n", counted(*gone, "backup"), asked.keep);
    return to_int(ExitCode::ok);
}

// Two passes: over the bytes of the files, then over the events of the log.
class Passes {
  public:
    explicit Passes(std::string what) : what_(std::move(what)) {}
    BackupProgress progress() {
        return {
            .bytes = [this](auto done, auto all) { return show(0, Progress::bytes, done, all); },
            .events = [this](auto done, auto all) { return show(1, "events", done, all); }};
    }
    void clear() { bar_.reset(); }

  private:
    bool show(int pass, const char* unit, std::uint64_t done, std::uint64_t all) {
        if (!bar_ || pass != pass_) bar_.emplace(what_, all, unit);
        pass_ = pass;
        bar_->reached(done);
        return !interrupted();
    }
    std::string what_;
    int pass_ = 0;
    std::optional<Progress> bar_;
};

Proof<audit::VerifierKey> key_for(const backup::BackupFolder& folder, const std::string& given) {
    if (!given.empty()) return verifier_key(given);
    auto kept = folder.kept_verifier();
    if (!kept) return std::unexpected(NoProof{ExitCode::cannot_read, kept.error().detail});
    return *std::move(kept);
}

void warn_of_kept_key(const Asked& asked, const audit::VerifierKey& key) {
    if (asked.key.empty())
        fmt::print(stderr,
                   "yeyak: checked with the key that lies in the folder itself: {}\n"
                   "       Whoever can change the backups can change it. Compare it with your "
                   "copy, or give --key.\n",
                   key.text());
}

using Check = StoreResult<CheckedBackup> (*)(const Asked&, const backup::BackupFolder&,
                                             const audit::VerifierKey&, const BackupProgress&);

int do_check(const Asked& asked, std::string_view done, Check check) {
    const auto folder = backup::BackupFolder::open(asked.folder);
    if (!folder) return refuse(folder.error());
    const auto key = key_for(*folder, asked.key);
    if (!key) {
        fmt::print(stderr, "yeyak: {}\n", key.error().message);
        return to_int(key.error().code);
    }
    const InterruptGuard guard;
    const auto began = std::chrono::steady_clock::now();
    Passes passes{"checking the backup"};
    const auto checked = check(asked, *folder, *key, passes.progress());
    passes.clear();
    if (!checked && interrupted()) {
        fmt::print(stderr, "yeyak: interrupted; nothing was restored\n");
        return to_int(ExitCode::interrupted);
    }
    if (!checked) return refuse(checked.error());
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began;
    warn_of_kept_key(asked, *key);
    print_checked(*checked, done, passed.count(), asked.json);
    return to_int(checked->wrong.empty() ? ExitCode::ok : ExitCode::failed);
}

StoreResult<CheckedBackup> verify(const Asked& asked, const backup::BackupFolder& folder,
                                  const audit::VerifierKey& key, const BackupProgress& progress) {
    const auto number = number_in(folder, asked.number);
    if (!number) return std::unexpected(number.error());
    return check_backup(folder, *number, key, progress);
}

// All of them, so that nobody has to start a server once for each.
void tell_of_missing_keys(const std::filesystem::path& data) {
    server::ServeConfig config;
    config.data = data;
    if (auto set = config_of(server::platform_keys(), data, "")) config = *std::move(set);
    const auto missing = server::missing_keys(config);
    if (missing.empty()) return;
    fmt::print(stderr,
               "yeyak: a backup holds no keys, and a server needs those that the log was written "
               "with. Missing: {}. Put them there from your copy (--keys-from does it)\n",
               fmt::join(missing, ", "));
}

StoreResult<CheckedBackup> restore(const Asked& asked, const backup::BackupFolder& folder,
                                   const audit::VerifierKey& key, const BackupProgress& progress) {
    RestoreTask task{.from = asked.folder, .number = asked.number, .data = asked.data};
    if (!asked.keys_from.empty()) task.keys_from = asked.keys_from;
    task.progress = progress;
    auto restored = restore_backup(task, folder, key);
    if (restored && restored->wrong.empty()) tell_of_missing_keys(asked.data);
    return restored;
}

CLI::App* add_sub(CLI::App& parent, const char* name, const char* help, const char* folder_flag,
                  const std::shared_ptr<Asked>& asked) {
    auto* command = parent.add_subcommand(name, help);
    command->add_option(folder_flag, asked->folder, "The folder of backups")
        ->required()
        ->type_name("DIR");
    command->add_flag("--json", asked->json, "Print the result as one JSON object");
    return command;
}

void add_check_options(CLI::App& command, const std::shared_ptr<Asked>& asked) {
    command.add_option("--number", asked->number, "Which backup")
        ->check(whole_number(1, 99'999'999))
        ->type_name("NUMBER")
        ->default_str("the newest");
    command
        .add_option("--key", asked->key,
                    "The public key that it must be signed with, NAME+ID+KEY, or a file that "
                    "holds it")
        ->type_name("VKEY")
        ->default_str("the one in the folder");
}

void add_subcommands(CLI::App& backup, Action& action) {
    auto listed = std::make_shared<Asked>();
    auto* list = add_sub(backup, "list", "What is there", "--to", listed);
    list->footer(footer("  yeyak backup list --to /mnt/backup\n"));
    list->callback([&action, listed] { action = [listed] { return do_list(*listed); }; });

    auto verified = std::make_shared<Asked>();
    auto* check =
        add_sub(backup, "verify", "Check every byte of a backup, and the root over its events",
                "--to", verified);
    add_check_options(*check, verified);
    check->footer(footer("  yeyak backup verify --to /mnt/backup --key audit.vkey\n"));
    check->callback([&action, verified] {
        action = [verified] { return do_check(*verified, "whole", &verify); };
    });

    auto pruned = std::make_shared<Asked>();
    auto* prune = add_sub(backup, "prune", "Remove the oldest backups", "--to", pruned);
    prune->add_option("--keep", pruned->keep, "How many of the newest are kept")
        ->required()
        ->check(whole_number(1, 1'000'000))
        ->type_name("NUMBER");
    prune->footer(footer("  yeyak backup prune --to /mnt/backup --keep 30\n"));
    prune->callback([&action, pruned] { action = [pruned] { return do_prune(*pruned); }; });
}

}  // namespace

void add_backup(CLI::App& app, Action& action) {
    auto* backup = app.add_subcommand(
        "backup", "Take a verified backup, each with what is new since the last");
    backup->require_subcommand(0, 1);
    backup->footer(
        footer("  yeyak backup --data ./data --to /mnt/backup\n"
               "  yeyak backup --server http://127.0.0.1:8080 --to nightly\n"
               "  yeyak backup --data ./data --to /mnt/backup --keys-to /media/safe/keys\n"
               "  yeyak backup verify --to /mnt/backup\n"));
    add_take(*backup, action);
    add_subcommands(*backup, action);
}

void add_restore(CLI::App& app, Action& action) {
    auto asked = std::make_shared<Asked>();
    auto* command =
        add_sub(app, "restore", "Make a data folder of a backup, if it is what was signed",
                "--from", asked);
    command->add_option("--data", asked->data, "The new data folder; must not exist, or be empty")
        ->required()
        ->type_name("DIR");
    command
        ->add_option("--keys-from", asked->keys_from, "The copy of the secret keys to put into it")
        ->type_name("DIR");
    add_check_options(*command, asked);
    command->footer(
        footer("  yeyak restore --from /mnt/backup --data ./data --keys-from /media/safe/keys\n"
               "  yeyak restore --from /mnt/backup --number 12 --data ./old --key audit.vkey\n"));
    command->callback(
        [&action, asked] { action = [asked] { return do_check(*asked, "restored", &restore); }; });
}

}  // namespace yeyak::tools
