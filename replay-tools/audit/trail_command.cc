// `yeyak audit trail`: who did what, when, why and from where.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "audit/proofs/files.h"
#include "audit/proofs/note.h"
#include "audit/proofs/recovery.h"
#include "audit/trail/telling.h"
#include "eventstore/rocks_store.h"
#include "kernel/percent.h"
#include "replay-tools/audit/commands.h"
#include "replay-tools/cli/actor.h"
#include "replay-tools/cli/values.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/platform.h"
#include "replay-tools/reading/journal.h"
#include "replay-tools/reading/revealer.h"
#include "replay-tools/remote/server.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/progress.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

// The server reads the whole log before its first byte.
constexpr std::chrono::minutes patience{10};

struct Trail {
    const Platform& platform;
    std::filesystem::path data = {};
    std::string server = {};
    // Filters and form by the names that audit/trail/query.h gives them.
    std::vector<std::pair<std::string, std::string>> values = {};
    std::vector<std::string> types = {};
    std::string actor = {};  // who reads
    bool json = false;
};

int usage(std::string_view what) {
    fmt::print(stderr, "yeyak: {}\n", what);
    return to_int(ExitCode::usage);
}

// Written at once, so that a reader of a pipe that has gone ends the command.
bool print(std::string_view text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
           std::fflush(stdout) == 0;
}

int cannot_print() {
    fmt::print(stderr, "yeyak: the trail could not be written to the end\n");
    return to_int(ExitCode::cannot_read);
}

Parameters parameters_of(const Trail& asked) {
    Parameters parameters;
    for (const auto& [name, value] : asked.values)
        if (!value.empty()) parameters.add(name, value);
    for (const auto& type : asked.types) parameters.add("type", type);
    if (asked.json) parameters.add("format", "json");
    if (!parameters.contains("format")) parameters.add("format", "table");
    if (const auto columns = terminal_columns())
        parameters.add("columns", std::to_string(std::clamp(*columns, trail::least_columns,
                                                            trail::most_columns)));
    return parameters;
}

int refuse_question(const trail::Faults& faults) {
    for (const auto& fault : faults)
        fmt::print(stderr, "yeyak: {} {}\n", fault.field, fault.detail);
    return to_int(ExitCode::usage);
}

int refuse_mistake(const trail::Mistake& mistake) {
    fmt::print(stderr, "yeyak: {}\n", mistake.detail);
    return to_int(mistake.status < 500 ? ExitCode::failed : ExitCode::cannot_read);
}

// The other forms say it themselves.
void tell_next_page(const trail::Question& request, std::optional<trail::Position> after) {
    if (after && request.format == trail::Format::csv)
        fmt::print(stderr, "yeyak: there is more: --after {}\n", *after);
}

// The newest signed checkpoint of a folder, which its server made when it ended; empty when there
// is none. Whoever reads the report checks its signature.
eventstore::StoreResult<std::string> checkpoint_of(const std::filesystem::path& data) {
    const auto file = audit::checkpoint_file_in(data);
    auto note = audit::read_file(file);
    if (!note) return std::unexpected(std::move(note).error());
    if (!*note) return "";
    if (const auto parsed = audit::parse_note(**note); !parsed)
        return std::unexpected(
            eventstore::StoreError{eventstore::StoreError::Kind::corrupt,
                                   fmt::format("{}: {}", file.string(), parsed.error())});
    return **std::move(note);
}

int at_rest(const Trail& asked, trail::Question request) {
    eventstore::RocksOptions options;
    options.data_dir = asked.data;
    if (!std::filesystem::exists(asked.data / "FORMAT"))
        return refuse({eventstore::StoreError::Kind::refused_open,
                       fmt::format("{} is no data folder", asked.data.string())});
    const auto log = eventstore::RocksStore::open(options);
    if (!log) {
        const int code = refuse(log.error());
        if (code == to_int(ExitCode::in_use))
            fmt::print(stderr,
                       "A reading is recorded in the log. Ask the server that has it open: "
                       "--server http://127.0.0.1:8080\n");
        return code;
    }
    Revealer reveal{asked.platform.settings, asked.data};
    Progress progress{"audit trail", (*log)->head()};
    auto telling = trail::Telling::open(
        **log, asked.platform.people, std::move(request),
        [&](const std::string& payload) { return reveal(payload); },
        [&](eventstore::Position position) { progress.reached(position); });
    progress.clear();
    if (!telling) return refuse_mistake(telling.error());
    const auto now = Instant{std::chrono::duration_cast<std::chrono::milliseconds>(
                                 std::chrono::system_clock::now().time_since_epoch())
                                 .count()};
    const auto recorded =
        record_at_rest(**log, now, (*telling)->question().reader, (*telling)->record());
    if (!recorded) return refuse(recorded.error());
    const auto checkpoint = checkpoint_of(asked.data);
    if (!checkpoint) return refuse(checkpoint.error());
    (*telling)->recorded(now, *recorded, *checkpoint);
    while (true) {
        const auto piece = (*telling)->next();
        if (!piece) return refuse_mistake(piece.error());
        if (!*piece) break;
        if (interrupted()) return to_int(ExitCode::interrupted);
        if (!print(**piece)) return cannot_print();
    }
    tell_next_page((*telling)->question(), (*telling)->survey().next_after);
    return to_int(ExitCode::ok);
}

int of_server(const Trail& asked, const Parameters& parameters, const trail::Question& wanted) {
    const auto address = remote::parse_address(asked.server);
    if (!address) return usage(address.error());
    std::string path = "/audit/trail";
    for (const auto& [name, value] : parameters)
        path += fmt::format("{}{}={}", path.contains('?') ? "&" : "?", name, percent_encode(value));
    remote::Server server{*address};
    bool printed = true;
    remote::ClientRequest request{.method = "POST", .path = path, .body = "", .key = ""};
    request.limit = patience;
    request.actor = wanted.reader;
    request.on_piece = [&](std::string_view piece) { return printed = print(piece); };
    const auto answer = server.call(std::move(request));
    if (!printed) return cannot_print();
    if (!answer) return remote::refuse(answer.error());
    tell_next_page(wanted, answer->next_after);
    return to_int(ExitCode::ok);
}

int do_trail(const Trail& asked) {
    const InterruptGuard guard;
    const auto parameters = parameters_of(asked);
    auto request = trail::parse_question(parameters, trail::Format::table);
    if (!request) return refuse_question(request.error());
    request->reader = asked.actor;
    return asked.server.empty() ? at_rest(asked, *std::move(request))
                                : of_server(asked, parameters, *request);
}

struct Option {
    const char* flags;
    const char* name;
    const char* type;
    const char* help;
};

constexpr Option options[] = {
    {"--person,--user", "person", "PERSON",
     "What concerns a person: 17, or prereservation/user:17"},
    {"--order", "order", "STREAM", "A stream, with payment, saga and all that followed from it"},
    {"--saga", "saga", "STREAM", "The same for the stream of a saga"},
    {"--stream", "stream", "STREAM", "The events of one stream and nothing else"},
    {"--correlation", "correlation", "ID", "Everything that followed from one request"},
    {"--by", "actor", "NAME", "What was done on behalf of this one"},
    {"--system", "system", "NAME", "One business system, its payments and notifications included"},
    {"--from", "from", "WHEN", "A position, an RFC 3339 time or a day in Seoul"},
    {"--to", "to", "WHEN", "The same; the end counts"},
    {"--after", "after", "POSITION", "Events after this position: the next page"},
    {"--limit", "limit", "NUMBER", "At most so many events"},
    {"--reason", "reason", "TEXT", "Why it is read; needed with --person, always recorded"},
    {"--format", "format", "FORMAT", "How it is printed; html is a report for paper"}};

}  // namespace

void add_trail(CLI::App& audit, Action& action, const Platform& platform) {
    auto asked = std::make_shared<Trail>(Trail{.platform = platform});
    auto* command = audit.add_subcommand(
        "trail", "Who did what, when, why and from where; reading it is itself recorded");
    auto* of = command->add_option_group("of", "Where the log is");
    of->add_option("--data", asked->data, "The data folder, at rest")->type_name("DIR");
    of->add_option("--server", asked->server, "A running server")->type_name("URL");
    of->require_option(1);
    asked->values.reserve(std::size(options));  // CLI keeps references to them
    for (const auto& option : options) {
        auto& value = asked->values.emplace_back(option.name, "").second;
        auto* added = command->add_option(option.flags, value, option.help);
        added->type_name(option.type);
        if (std::string_view{option.name} == "format")
            added->check(one_of({"table", "json", "csv", "html"}));
    }
    command
        ->add_option("--type", asked->types,
                     "Types of events, * stands for any text; several: any of them")
        ->type_name("GLOB");
    add_actor(*command, asked->actor);
    command->add_flag("--json", asked->json, "The same as --format json");
    command->footer(footer(
        "  yeyak audit trail --server http://127.0.0.1:8080 --order prereservation.reservation-1\n"
        "  yeyak audit trail --data ./data --user 1 --reason 'dispute 4711' --format html "
        "> user-1.html\n"
        "  yeyak audit trail --data ./data --type 'payment.*' --from 2026-11-01 --to 2026-11-30 "
        "--format csv\n"
        "  yeyak audit trail --data ./data --user 1 --type operations.trail_read.v1 "
        "--reason 'who looked?'\n"));
    command->callback([&action, asked] { action = [asked] { return do_trail(*asked); }; });
}

}  // namespace yeyak::tools
