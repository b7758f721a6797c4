// `yeyak audit` with its subcommands, and `yeyak audit verify`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "replay-tools/audit/commands.h"
#include "replay-tools/audit/privacy_commands.h"
#include "replay-tools/audit/proofs.h"
#include "replay-tools/audit/verify.h"
#include "replay-tools/cli/cli.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/progress.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/table.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

// --- verify --------------------------------------------------------------------------------------

struct Verify {
    const Platform& platform;
    std::filesystem::path data = {};
    std::filesystem::path work_dir = {};
    std::filesystem::path checkpoint = {};
    std::string key = {};
    std::string config = {};
    bool quick = false;
    bool json = false;
};

std::string place_of(const Finding& finding) {
    std::string place;
    if (finding.position > 0) place += fmt::format("event {}", finding.position);
    if (!finding.stream.empty())
        place += fmt::format("{}{}@{}", place.empty() ? "" : ", ", printable(finding.stream),
                             finding.version);
    return place.empty() ? place : place + ": ";
}

void print_text(const Verified& verified, double seconds) {
    Table table{{{""}, {""}, {"", Table::Align::right}, {"", Table::Align::right}}};
    for (const auto& [check, spent] : verified.checks) {
        const bool whole = check->ok() && check->unchecked().empty();
        table.add({whole         ? "ok"
                   : check->ok() ? "open"
                                 : "FAILED",
                   check->name(), grouped(check->count()), fmt::format("{:.2f} s", spent)});
        if (!check->unchecked().empty()) table.note(check->unchecked());
        if (check->ok()) continue;
        const auto& first = *check->first();
        table.note(fmt::format("{}found {}; expected {}", place_of(first), printable(first.found),
                               printable(first.expected)));
        if (check->failures() > 1)
            table.note(fmt::format("and {} more", grouped(check->failures() - 1)));
    }
    table.finish();
    const auto* result = !verified.ok()        ? "THE DATA IS NOT WHOLE"
                         : verified.complete() ? "The data is whole"
                                               : "Nothing is wrong, but NOT ALL WAS CHECKED";
    tell("{}: {}, {:.1f} s\n", result, counted(verified.head, "event"), seconds);
}

void print_json(const Verified& verified, double seconds) {
    std::string checks;
    for (const auto& [check, spent] : verified.checks) {
        std::string first = "null";
        if (check->first()) {
            const auto& f = *check->first();
            first = fmt::format(
                R"({{"position":{},"stream":{},"version":{},"found":{},"expected":{}}})",
                f.position, json_text(f.stream), f.version, json_text(f.found),
                json_text(f.expected));
        }
        checks += fmt::format(
            R"({}{{"name":{},"ok":{},"count":{},"failures":{},"unchecked":{},"seconds":{:.3f},)"
            R"("first":{}}})",
            checks.empty() ? "" : ",", json_text(check->name()), check->ok(), check->count(),
            check->failures(), json_text(check->unchecked()), spent, first);
    }
    fmt::print(R"({{"ok":{},"complete":{},"events":{},"seconds":{:.3f},"checks":[{}]}})"
               "\n",
               verified.ok(), verified.complete(), verified.head, seconds, checks);
}

// What was given beside the folder: a key, a checkpoint that was kept elsewhere.
Proof<void> add_pinned(const Verify& asked, VerifyOptions& options) {
    if (!asked.key.empty()) {
        auto key = verifier_key(asked.key);
        if (!key) return std::unexpected(std::move(key).error());
        options.key = *std::move(key);
    }
    if (asked.checkpoint.empty()) return {};
    auto note = file_text(asked.checkpoint);
    if (!note) return std::unexpected(std::move(note).error());
    options.pinned_note = *std::move(note);
    return {};
}

int do_verify(const Verify& asked) {
    const InterruptGuard guard;
    std::optional<Progress> progress;
    const auto began = std::chrono::steady_clock::now();
    const auto config = config_of(asked.platform.settings, asked.data, asked.config);
    if (!config) return usage_error(config.error());
    VerifyOptions options;
    options.data = asked.data;
    options.key_file = config->audit.key_file.value_or("");
    options.work_dir =
        asked.work_dir.empty() ? std::filesystem::temp_directory_path() : asked.work_dir;
    options.quick = asked.quick;
    if (const auto added = add_pinned(asked, options); !added) {
        fmt::print(stderr, "yeyak: {}\n", added.error().message);
        return to_int(added.error().code);
    }
    options.reached = [&](Position reached, Position head) {
        if (!progress) progress.emplace("audit verify", head);
        progress->reached(reached);
        return !interrupted();
    };
    const auto verified = verify(asked.platform, options);
    progress.reset();
    if (!verified && interrupted()) {
        fmt::print(stderr, "yeyak: interrupted\n");
        return to_int(ExitCode::interrupted);
    }
    if (!verified) return refuse(verified.error());
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    asked.json ? print_json(*verified, seconds) : print_text(*verified, seconds);
    if (!verified->ok()) return to_int(ExitCode::failed);
    return to_int(verified->complete() ? ExitCode::ok : ExitCode::not_checked);
}

void add_verify(CLI::App& audit, Action& action, const Platform& platform) {
    auto asked = std::make_shared<Verify>(Verify{.platform = platform});
    auto* command = audit.add_subcommand(
        "verify", "Check log, indexes, tables, views, sagas and money; write nothing");
    command->add_option("--data", asked->data, "The data folder")->required()->type_name("DIR");
    command
        ->add_option("--work-dir", asked->work_dir,
                     "Where views are built to be compared; outside of the data folder")
        ->type_name("DIR")
        ->default_str("the system's temporary folder");
    command
        ->add_option("--key", asked->key,
                     "The public key that the checkpoints must be signed with, NAME+ID+KEY, or a "
                     "file that holds it")
        ->type_name("VKEY")
        ->default_str("that of audit.key_file");
    command->add_option("--config", asked->config, "The server's TOML file")->type_name("FILE");
    command
        ->add_option("--checkpoint", asked->checkpoint,
                     "A checkpoint that was kept elsewhere: finds a rollback to an older copy and "
                     "a rewritten history")
        ->type_name("FILE");
    command->add_flag("--quick", asked->quick,
                      "Leave out leaf hashes, decoding, sagas, money and views");
    command->add_flag("--json", asked->json, "Print the result as one JSON object");
    command->footer(
        footer("  yeyak audit verify --data ./data\n"
               "  yeyak audit verify --data ./data --quick\n"
               "  yeyak audit verify --data ./data --checkpoint monday --key yeyak.vkey\n"
               "  yeyak audit verify --data ./data --json | jq '.checks[]|select(.ok|not)'\n"));
    command->callback([&action, asked] { action = [asked] { return do_verify(*asked); }; });
}

}  // namespace

void add_audit(CLI::App& app, Action& action, const Platform& platform) {
    auto* audit = app.add_subcommand("audit", "Prove that the data is whole; show who did what");
    audit->require_subcommand(1);
    audit->footer(
        footer("  yeyak audit verify --data ./data\n"
               "  yeyak audit trail --data ./data --user 1 --reason 'dispute 4711'\n"));
    add_verify(*audit, action, platform);
    add_trail(*audit, action, platform);
    add_proof_commands(*audit, action);
    add_audit_view(*audit, action, platform);
    add_erase(*audit, action, platform);
    add_export(*audit, action, platform);
    add_rotate(*audit, action, platform);
    add_accept_keys(*audit, action, platform);
}

}  // namespace yeyak::tools
