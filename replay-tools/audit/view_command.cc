// `yeyak audit view`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "replay-tools/audit/commands.h"
#include "replay-tools/audit/proofs.h"
#include "replay-tools/audit/view.h"
#include "replay-tools/cli/cli.h"
#include "replay-tools/cli/values.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/platform.h"
#include "replay-tools/remote/server.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/progress.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"
#include "server/attestations.h"

namespace yeyak::tools {
namespace {

using eventstore::to_hex;

struct Asked {
    const Platform& platform;
    std::string view = {};
    std::filesystem::path data = {};
    std::filesystem::path work_dir = {};
    std::optional<std::uint64_t> at = {};
    std::string expect = {};
    std::filesystem::path attestation = {};
    std::string key = {};
    std::string server = {};
    bool json = false;
};

// A claim, or how the command ends.
using Claimed = std::expected<std::optional<Claim>, int>;

Claimed ends(ExitCode code, const std::string& why) {
    fmt::print(stderr, "yeyak: {}\n", why);
    return std::unexpected(to_int(code));
}

Claimed claim_of(const Asked& asked, std::string_view note, std::string by) {
    auto text = audit::Result<std::string>{};
    if (asked.key.empty()) {
        const auto parsed = audit::parse_note(note);
        text = parsed ? audit::Result<std::string>{parsed->text} : std::unexpected(parsed.error());
    } else {
        const auto key = verifier_key(asked.key);
        if (!key) return ends(key.error().code, key.error().message);
        text = audit::open_note(note, *key);
    }
    if (!text) return ends(ExitCode::failed, fmt::format("{}: {}", by, text.error()));
    const auto attested = server::parse_attestation(*text);
    if (!attested) return ends(ExitCode::failed, fmt::format("{}: {}", by, attested.error()));
    if (attested->view != asked.view)
        return ends(ExitCode::failed,
                    fmt::format("{} is of the view {}, not of {}", by, attested->view, asked.view));
    return Claim{std::move(by), attested->projector_version, attested->position, attested->rows,
                 attested->digest};
}

Claimed claim_of_server(const Asked& asked) {
    const auto address = remote::parse_address(asked.server);
    if (!address) return ends(ExitCode::usage, "--server: " + address.error());
    remote::Server server{*address};
    const auto answer = server.get(fmt::format("/projections/{}/attestation", asked.view));
    if (!answer)
        return ends(answer.error().status == 0 ? ExitCode::no_server : ExitCode::failed,
                    answer.error().message);
    return claim_of(asked, answer->text("/note").value_or(""),
                    fmt::format("the server at {}", address->url()));
}

Claimed claim_of(const Asked& asked) {
    if (!asked.server.empty()) return claim_of_server(asked);
    if (!asked.attestation.empty()) {
        if (asked.key.empty())
            return ends(ExitCode::usage,
                        "an attestation is worth as much as the key it is checked with: add --key");
        const auto note = file_text(asked.attestation);
        if (!note) return ends(note.error().code, note.error().message);
        return claim_of(asked, *note,
                        fmt::format("the attestation {}", asked.attestation.string()));
    }
    if (asked.expect.empty()) return std::nullopt;
    const auto digest = eventstore::from_hex(asked.expect);
    if (!digest || !asked.at)
        return ends(ExitCode::usage,
                    "--expect is a digest of 64 hexadecimal digits, and needs --at");
    return Claim{"--expect", projections::find_view(asked.platform.views, asked.view)->version(),
                 *asked.at, std::nullopt, *digest};
}

std::string text_of(const Difference& first) {
    std::string how = first.kind == Difference::Kind::added     ? "is missing in the live view"
                      : first.kind == Difference::Kind::removed ? "does not follow from the log"
                                                                : "differs";
    auto text = fmt::format("{} {}", first.what, how);
    for (const auto& change : first.changes)
        text += fmt::format("\n      {}: live {}, folded {}", change.field, change.live,
                            change.rebuilt);
    return text;
}

void print_text(const ViewAudit& audit) {
    const auto& folded = audit.folded;
    tell("view {} at event {}: {}, digest {} (projector version {})\n", folded.view,
         folded.position, counted(folded.rows(), "row"), to_hex(folded.digest),
         folded.projector_version);
    for (const auto& [claim, same] : audit.compared) {
        if (same)
            tell("ok      {} says the same\n", claim.by);
        else
            tell("FAILED  {} says {}digest {}\n", claim.by,
                 claim.rows ? counted(*claim.rows, "row") + ", " : "", to_hex(claim.digest));
    }
    if (audit.first)
        tell("        first difference, at event {}: {}\n", audit.first_at, text_of(*audit.first));
    else if (!audit.same() && audit.first_at > 0)
        tell("        the live view, at event {}, is what the log says\n", audit.first_at);
}

std::string json_of(const std::optional<Difference>& first) {
    if (!first) return "null";
    std::string changes;
    for (const auto& change : first->changes)
        changes +=
            fmt::format(R"({}{{"field":{},"live":{},"folded":{}}})", changes.empty() ? "" : ",",
                        json_text(change.field), json_text(change.live), json_text(change.rebuilt));
    return fmt::format(R"({{"what":{},"changes":[{}]}})", json_text(first->what), changes);
}

void print_json(const ViewAudit& audit) {
    std::string compared;
    for (const auto& [claim, same] : audit.compared)
        compared +=
            fmt::format(R"({}{{"with":{},"digest":"{}","same":{}}})", compared.empty() ? "" : ",",
                        json_text(claim.by), to_hex(claim.digest), same);
    const auto& folded = audit.folded;
    fmt::print(R"({{"view":{},"projectorVersion":{},"position":{},"rows":{},"digest":"{}",)"
               R"("same":{},"compared":[{}],"first":{}}})"
               "\n",
               json_text(folded.view), folded.projector_version, folded.position, folded.rows(),
               to_hex(folded.digest), audit.same(), compared, json_of(audit.first));
}

int do_view(const Asked& asked) {
    const auto claim = claim_of(asked);
    if (!claim) return claim.error();
    const InterruptGuard guard;
    std::optional<Progress> progress;
    ViewAuditTask task{.view = *projections::find_view(asked.platform.views, asked.view)};
    task.data = asked.data;
    task.work_dir =
        asked.work_dir.empty() ? std::filesystem::temp_directory_path() : asked.work_dir;
    task.at = asked.at;
    task.claim = *claim;
    task.begins = [&](eventstore::Position last) {
        progress.emplace("folding " + asked.view, last);
    };
    task.reached = [&](eventstore::Position reached) {
        progress->reached(reached);
        return !interrupted();
    };
    const auto audited = audit_view(task);
    progress.reset();
    if (!audited && interrupted()) {
        fmt::print(stderr, "yeyak: interrupted\n");
        return to_int(ExitCode::interrupted);
    }
    if (!audited) return refuse(audited.error());
    asked.json ? print_json(*audited) : print_text(*audited);
    return to_int(audited->same() ? ExitCode::ok : ExitCode::failed);
}

}  // namespace

void add_audit_view(CLI::App& audit, Action& action, const Platform& platform) {
    auto asked = std::make_shared<Asked>(Asked{.platform = platform});
    auto* command = audit.add_subcommand(
        "view", "Whether a view says what the log says: fold the log, compare the digests");
    command->add_option("view", asked->view, "The view")
        ->required()
        ->check(one_of(view_names(platform, false)))
        ->type_name("NAME");
    command->add_option("--data", asked->data, "The data folder, also of a running server")
        ->required()
        ->type_name("DIR");
    auto* at = command->add_option("--at", asked->at, "Up to which event")
                   ->check(whole_number(1))
                   ->type_name("POSITION")
                   ->default_str("where the live view stands");
    auto* expect = command->add_option("--expect", asked->expect, "The digest that must come out")
                       ->type_name("DIGEST");
    auto* note = command
                     ->add_option("--attestation", asked->attestation,
                                  "A signed attestation that was kept; needs --key")
                     ->type_name("FILE");
    command->add_option("--key", asked->key, "Who must have signed: NAME+ID+KEY, or a file of it")
        ->type_name("VKEY");
    auto* server = command
                       ->add_option("--server", asked->server,
                                    "The server whose view it is; --key also checks its note")
                       ->type_name("URL");
    for (auto* option : {expect, note}) server->excludes(option);
    expect->excludes(note);
    at->excludes(note)->excludes(server);
    command
        ->add_option("--work-dir", asked->work_dir,
                     "Where the log is folded; outside of the data folder")
        ->type_name("DIR")
        ->default_str("the system's temporary folder");
    command->add_flag("--json", asked->json, "Print the result as one JSON object");
    command->footer(footer(
        "  yeyak audit view payments --data ./data\n"
        "  yeyak audit view payments --data ./data --server http://127.0.0.1:8080\n"
        "  yeyak audit view payments --data ./data --attestation payments.note --key k.vkey\n"
        "  yeyak audit view payments --data ./data --at 1200 --json\n"));
    command->callback([&action, asked] { action = [asked] { return do_view(*asked); }; });
}

}  // namespace yeyak::tools
