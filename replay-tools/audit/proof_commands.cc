// `yeyak audit receipt`, `check`, `checkpoint` and `consistency`: what proves to others that
// something was recorded and that nothing was changed since.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "audit/proofs/base64.h"
#include "kernel/json.h"
#include "replay-tools/audit/commands.h"
#include "replay-tools/audit/proofs.h"
#include "replay-tools/cli/values.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

struct From {
    std::filesystem::path data;
    std::string server;
};

int refuse(const NoProof& why) {
    fmt::print(stderr, "yeyak: {}\n", why.message);
    return to_int(why.code);
}

CLI::Option_group* add_from(CLI::App& command, From& from) {
    auto* group = command.add_option_group("from", "Where it comes from");
    group->add_option("--data", from.data, "A data folder; it is only read")->type_name("DIR");
    group->add_option("--server", from.server, "A running server, such as http://127.0.0.1:8080")
        ->type_name("URL");
    group->require_option(1);
    return group;
}

Proof<std::unique_ptr<Proofs>> open(const From& from) {
    return from.server.empty() ? proofs_of_folder(from.data) : proofs_of_server(from.server);
}

// --- receipt -------------------------------------------------------------------------------------

struct PrintReceipt {
    From from;
    WhichEvent which;
    bool json = true;
};

int do_receipt(const PrintReceipt& asked) {
    const auto proofs = open(asked.from);
    if (!proofs) return refuse(proofs.error());
    const auto receipt = (*proofs)->receipt(asked.which);
    if (!receipt) return refuse(receipt.error());
    fmt::print("{}\n", *receipt);
    return to_int(ExitCode::ok);
}

void add_receipt(CLI::App& audit, Action& action) {
    auto asked = std::make_shared<PrintReceipt>();
    auto* command = audit.add_subcommand(
        "receipt", "Print the receipt of an event: what proves that the log holds it");
    add_from(*command, asked->from);
    auto* which = command->add_option_group("which", "The event");
    auto* position = which->add_option("--position", asked->which.position, "Its position")
                         ->check(whole_number(1))
                         ->type_name("POSITION");
    auto* stream = which->add_option("--stream", asked->which.stream, "Its stream")
                       ->excludes(position)
                       ->type_name("STREAM");
    auto* version = command->add_option("--version", asked->which.version, "Its version there")
                        ->check(whole_number(1))
                        ->type_name("NUMBER")
                        ->needs(stream);
    stream->needs(version);
    which->require_option(1);
    command->add_flag("--json", asked->json, "As without: a receipt is one JSON object");
    command->footer(
        footer("  yeyak audit receipt --server http://127.0.0.1:8080 --position 17 > receipt.json\n"
               "  yeyak audit receipt --data ./data --stream orders-7 --version 2\n"));
    command->callback([&action, asked] { action = [asked] { return do_receipt(*asked); }; });
}

// --- check ---------------------------------------------------------------------------------------

struct CheckReceipt {
    std::filesystem::path file;
    std::string key;
    bool json = false;
};

void print_proven(const audit::Proven& proven) {
    const auto& event = proven.event;
    tell(
        "Proven: the log {} recorded this event, and it was not changed since\n"
        "  event       {}, {}, version {} of {}\n"
        "  recorded    {} by {}\n"
        "  data        {}\n"
        "  checkpoint  of {}, root {}\n",
        printable(proven.checkpoint.origin), event.position, printable(event.data.type),
        event.version, printable(event.stream), seoul_text(event.time),
        event.data.actor.empty() ? "nobody named" : printable(event.data.actor),
        printable(event.data.payload), counted(proven.checkpoint.head.size, "event"),
        audit::base64(proven.checkpoint.head.root));
}

int do_check(const CheckReceipt& asked) {
    const auto key = verifier_key(asked.key);
    if (!key) return refuse(key.error());
    const auto json = file_text(asked.file);
    if (!json) return refuse(json.error());
    const auto receipt = audit::parse_receipt(*json);
    const auto proven = receipt ? audit::verify(*receipt, *key)
                                : audit::Result<audit::Proven>{std::unexpected(receipt.error())};
    if (!proven) {
        if (asked.json)
            fmt::print(R"({{"ok":false,"reason":{}}})"
                       "\n",
                       json_text(proven.error()));
        fmt::print(stderr, "yeyak: NOT PROVEN: {}: {}\n", asked.file.string(), proven.error());
        return to_int(ExitCode::failed);
    }
    if (!asked.json) {
        print_proven(*proven);
        return to_int(ExitCode::ok);
    }
    const auto& head = proven->checkpoint.head;
    fmt::print(R"({{"ok":true,"origin":{},"size":{},"root":"{}","event":{}}})"
               "\n",
               json_text(proven->checkpoint.origin), head.size, audit::base64(head.root),
               audit::event_json(proven->event));
    return to_int(ExitCode::ok);
}

void add_check(CLI::App& audit, Action& action) {
    auto asked = std::make_shared<CheckReceipt>();
    auto* command =
        audit.add_subcommand("check", "Check a receipt, without the log and without a network");
    command->add_option("receipt", asked->file, "The receipt, a file")
        ->required()
        ->type_name("FILE");
    command
        ->add_option("--key", asked->key,
                     "The public key of the log, NAME+ID+KEY, or a file that holds it")
        ->required()
        ->type_name("VKEY");
    command->add_flag("--json", asked->json, "Print the result as one JSON object");
    command->footer(footer("  yeyak audit check receipt.json --key yeyak.vkey\n"));
    command->callback([&action, asked] { action = [asked] { return do_check(*asked); }; });
}

// --- checkpoint ----------------------------------------------------------------------------------

int do_checkpoint(const From& from, bool json) {
    const auto proofs = open(from);
    if (!proofs) return refuse(proofs.error());
    const auto note = (*proofs)->checkpoint();
    if (!note) return refuse(note.error());
    if (!json) {
        fmt::print("{}", *note);
        return to_int(ExitCode::ok);
    }
    const auto parsed = audit::parse_note(*note);
    const auto checkpoint = parsed
                                ? audit::parse_checkpoint(parsed->text)
                                : audit::Result<audit::Checkpoint>{std::unexpected(parsed.error())};
    if (!checkpoint) return refuse(NoProof{ExitCode::failed, checkpoint.error()});
    std::string quoted;
    append_json_string(quoted, *note);  // with its newlines
    fmt::print(R"({{"origin":{},"size":{},"root":"{}","note":{}}})"
               "\n",
               json_text(checkpoint->origin), checkpoint->head.size,
               audit::base64(checkpoint->head.root), quoted);
    return to_int(ExitCode::ok);
}

void add_checkpoint(CLI::App& audit, Action& action) {
    auto from = std::make_shared<From>();
    auto json = std::make_shared<bool>(false);
    auto* command = audit.add_subcommand(
        "checkpoint", "Print the newest signed checkpoint, to be kept elsewhere");
    add_from(*command, *from);
    command->add_flag("--json", *json, "Print it as one JSON object; its signature is not checked");
    command->footer(
        footer("  yeyak audit checkpoint --server http://127.0.0.1:8080 > checkpoint-today\n"));
    command->callback(
        [&action, from, json] { action = [from, json] { return do_checkpoint(*from, *json); }; });
}

// --- consistency ---------------------------------------------------------------------------------

struct Consistency {
    std::filesystem::path older;
    std::filesystem::path newer;
    std::string key;
    From from;
    std::filesystem::path proof;
    bool json = false;
};

Proof<audit::ConsistencyProof> proof_for(const Consistency& asked, std::uint64_t from,
                                         std::uint64_t to) {
    if (asked.proof.empty()) {
        const auto proofs = open(asked.from);
        if (!proofs) return std::unexpected(proofs.error());
        return (*proofs)->consistency(from, to);
    }
    const auto json = file_text(asked.proof);
    if (!json) return std::unexpected(json.error());
    auto proof = audit::parse_consistency_proof(*json);
    if (!proof) return std::unexpected(NoProof{ExitCode::failed, std::move(proof).error()});
    return *std::move(proof);
}

// Why the newer checkpoint is not shown to extend the older one.
std::optional<NoProof> contradiction(const Consistency& asked, const audit::TreeHead& older,
                                     const audit::TreeHead& newer) {
    audit::ConsistencyProof proof{older.size, newer.size, {}};
    // No proof is needed, or none can be: checkpoints of one size, and those that are swapped.
    if (older.size < newer.size && older.size > 0) {
        auto given = proof_for(asked, older.size, newer.size);
        if (!given) return std::move(given).error();
        proof = *std::move(given);
    }
    const auto verified = audit::verify(proof, older, newer);
    if (verified) return std::nullopt;
    return NoProof{ExitCode::failed, verified.error()};
}

int do_consistency(const Consistency& asked) {
    const auto key = verifier_key(asked.key);
    if (!key) return refuse(key.error());
    const auto older = checkpoint_file(asked.older, *key);
    if (!older) return refuse(older.error());
    const auto newer = checkpoint_file(asked.newer, *key);
    if (!newer) return refuse(newer.error());
    const auto wrong = contradiction(asked, older->head, newer->head);
    if (asked.json)
        fmt::print(R"({{"ok":{},"from":{},"to":{},"reason":{}}})"
                   "\n",
                   !wrong, older->head.size, newer->head.size,
                   wrong ? json_text(wrong->message) : "null");
    if (wrong) {
        fmt::print(stderr, "yeyak: NOT PROVEN that {} extends {}: {}\n", asked.newer.string(),
                   asked.older.string(), wrong->message);
        return to_int(wrong->code);
    }
    if (!asked.json)
        tell("Proven: {} ({}) extends {} ({}); nothing before was changed\n", asked.newer.string(),
             counted(newer->head.size, "event"), asked.older.string(),
             counted(older->head.size, "event"));
    return to_int(ExitCode::ok);
}

void add_consistency(CLI::App& audit, Action& action) {
    auto asked = std::make_shared<Consistency>();
    auto* command = audit.add_subcommand(
        "consistency", "Prove that one checkpoint extends another: nothing before was changed");
    command->add_option("older", asked->older, "The older checkpoint, a file")
        ->required()
        ->type_name("FILE");
    command->add_option("newer", asked->newer, "The newer checkpoint, a file")
        ->required()
        ->type_name("FILE");
    command
        ->add_option("--key", asked->key,
                     "The public key of the log, NAME+ID+KEY, or a file that holds it")
        ->required()
        ->type_name("VKEY");
    add_from(*command, asked->from)
        ->add_option("--proof", asked->proof, "A saved answer of GET /audit/consistency")
        ->type_name("FILE");
    command->add_flag("--json", asked->json, "Print the result as one JSON object");
    command->footer(
        footer("  yeyak audit consistency monday tuesday --key yeyak.vkey --server "
               "http://127.0.0.1:8080\n"
               "  yeyak audit consistency monday tuesday --key yeyak.vkey --proof proof.json\n"));
    command->callback([&action, asked] { action = [asked] { return do_consistency(*asked); }; });
}

}  // namespace

void add_proof_commands(CLI::App& audit, Action& action) {
    add_receipt(audit, action);
    add_check(audit, action);
    add_checkpoint(audit, action);
    add_consistency(audit, action);
}

}  // namespace yeyak::tools
