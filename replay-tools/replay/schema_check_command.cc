// `yeyak replay schema-check`: can this version of the program read everything in the log?
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "replay-tools/exit_code.h"
#include "replay-tools/replay/command.h"
#include "replay-tools/replay/schema_check.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/table.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

struct SchemaCheck {
    const Platform& platform;
    std::filesystem::path data = {};
    bool json = false;
};

std::string found(const Seen& seen) {
    return fmt::format("{} of them, first event {}", grouped(seen.count), seen.first);
}

void print_type(Table& table, const TypeReport& type) {
    table.add({type.ok() ? "ok" : "FAILED", printable(type.type), grouped(type.seen.count),
               fmt::format("from event {}{}", type.seen.first,
                           type.read_as.empty() ? "" : ", read as " + type.read_as)});
    if (!type.known)
        table.note(fmt::format("no event of {} is called so in this version", type.category));
    if (type.failed.seen.count > 0)
        table.note(fmt::format("cannot be read: {}: {}", found(type.failed.seen),
                               printable(type.failed.why)));
    for (const auto& [field, seen] : type.lossy)
        table.note(fmt::format("field {} would be lost: {}", printable(field), found(seen)));
    for (const auto& [view, failed] : type.views)
        table.note(fmt::format("view {} cannot read it: {}: {}", view, found(failed.seen),
                               printable(failed.why)));
    if (type.known && type.folded_by.empty() && type.failed.seen.count == 0)
        table.note("no view shows it");
}

void print_text(const SchemaReport& report, double seconds) {
    Table table{{{""}, {""}, {"", Table::Align::right}, {""}}};
    for (const auto& type : report.types) print_type(table, type);
    if (report.damaged.seen.count > 0) {
        table.add({"FAILED", "damaged records", grouped(report.damaged.seen.count),
                   fmt::format("from event {}", report.damaged.seen.first)});
        table.note(printable(report.damaged.why));
    }
    for (const auto& [category, seen] : report.foreign)
        table.add({"other", "streams of another program, " + printable(category),
                   grouped(seen.count), fmt::format("from event {}", seen.first)});
    if (!report.never.empty()) {
        table.add(
            {"never", "types that do not occur in the log", grouped(report.never.size()), ""});
        for (const auto& type : report.never) table.note(type);
    }
    table.finish();
    tell("{}: {} of {}, {:.1f} s\n",
         report.ok() ? "This version reads everything in the log"
                     : "THIS VERSION DOES NOT READ EVERYTHING IN THE LOG",
         counted(report.events, "event"), counted(report.types.size(), "type"), seconds);
}

std::string json_of(const Failed& failed) {
    if (failed.seen.count == 0) return "null";
    return fmt::format(R"({{"count":{},"first":{},"reason":{}}})", failed.seen.count,
                       failed.seen.first, json_text(failed.why));
}

std::string json_of(const TypeReport& type) {
    std::string lossy;
    for (const auto& [field, seen] : type.lossy)
        lossy += fmt::format(R"({}{{"field":{},"count":{},"first":{}}})", lossy.empty() ? "" : ",",
                             json_text(field), seen.count, seen.first);
    std::string views;
    for (const auto& [view, failed] : type.views)
        views += fmt::format(R"({}{{"view":{},"failed":{}}})", views.empty() ? "" : ",",
                             json_text(view), json_of(failed));
    std::string folded;
    for (const auto& view : type.folded_by) folded += (folded.empty() ? "" : ",") + json_text(view);
    return fmt::format(
        R"({{"category":{},"type":{},"ok":{},"known":{},"count":{},"first":{},"readAs":{},)"
        R"("failed":{},"lossy":[{}],"failedViews":[{}],"views":[{}]}})",
        json_text(type.category), json_text(type.type), type.ok(), type.known, type.seen.count,
        type.seen.first, type.read_as.empty() ? "null" : json_text(type.read_as),
        json_of(type.failed), lossy, views, folded);
}

void print_json(const SchemaReport& report, double seconds) {
    std::string types;
    for (const auto& type : report.types) types += (types.empty() ? "" : ",") + json_of(type);
    std::string foreign;
    for (const auto& [category, seen] : report.foreign)
        foreign +=
            fmt::format(R"({}{{"category":{},"count":{},"first":{}}})", foreign.empty() ? "" : ",",
                        json_text(category), seen.count, seen.first);
    std::string never;
    for (const auto& type : report.never) never += (never.empty() ? "" : ",") + json_text(type);
    fmt::print(R"({{"ok":{},"head":{},"events":{},"seconds":{:.3f},"damaged":{},"types":[{}],)"
               R"("foreign":[{}],"never":[{}]}})"
               "\n",
               report.ok(), report.head, report.events, seconds, json_of(report.damaged), types,
               foreign, never);
}

int do_schema_check(const SchemaCheck& asked) {
    const InterruptGuard guard;
    std::optional<Progress> progress;
    const auto log = open_log(asked.data);
    if (!log) return refuse(log.error());
    progress.emplace("schema check", (*log)->head());
    const auto report =
        schema_check(asked.platform, asked.data, [&](eventstore::Position position) {
            progress->reached(position);
            return !interrupted();
        });
    const auto seconds = progress->seconds();
    progress.reset();
    if (!report && interrupted()) {
        fmt::print(stderr, "yeyak: interrupted\n");
        return to_int(ExitCode::interrupted);
    }
    if (!report) return refuse(report.error());
    asked.json ? print_json(*report, seconds) : print_text(*report, seconds);
    return to_int(report->ok() ? ExitCode::ok : ExitCode::failed);
}

}  // namespace

void add_schema_check(CLI::App& replay, Action& action, const Platform& platform) {
    auto asked = std::make_shared<SchemaCheck>(SchemaCheck{.platform = platform});
    auto* command = replay.add_subcommand(
        "schema-check", "Whether this version reads every event that is really in the log");
    command->add_option("--data", asked->data, "The data folder; a server may be running on it")
        ->required()
        ->type_name("DIR");
    command->add_flag("--json", asked->json, "Print the result as one JSON object");
    command->footer(footer(
        "  yeyak replay schema-check --data ./data\n"
        "  yeyak replay schema-check --data ./data --json | jq '.types[]|select(.ok|not)'\n"));
    command->callback([&action, asked] { action = [asked] { return do_schema_check(*asked); }; });
}

}  // namespace yeyak::tools
