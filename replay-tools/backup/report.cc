#include "replay-tools/backup/report.h"

#include <fmt/format.h>

#include <cstdio>

#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/table.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {

std::string json_members(const backup::BackupManifest& m) {
    return fmt::format(
        R"("log":{},"number":{},"taken":"{}","position":{},"root":"{}","files":{},"bytes":{})",
        json_text(m.log), m.number, to_text(m.taken), m.position, eventstore::to_hex(m.root),
        m.files, m.bytes);
}

std::string taken_text(const Taken& taken) {
    return fmt::format("Backup {} in {}: events 1 to {}, {} in {}, {} of them new", taken.number,
                       taken.to, taken.position, size_text(taken.bytes),
                       counted(taken.files, "file"), size_text(taken.new_bytes));
}

void print_taken(const backup::TakenBackup& taken, const std::filesystem::path& to, double seconds,
                 bool json) {
    const auto& m = taken.manifest;
    if (json) {
        fmt::print(R"({{"to":{},{},"newFiles":{},"newBytes":{},"seconds":{:.3f}}})"
                   "\n",
                   json_text(to.string()), json_members(m), taken.new_files, taken.new_bytes,
                   seconds);
        return;
    }
    tell("{}, {:.1f} s\n",
         taken_text({m.number, to.string(), m.position, m.bytes, m.files, taken.new_bytes}),
         seconds);
    tell("Root {}, signed by {}\n", eventstore::to_hex(m.root), m.log);
}

void print_list(const std::vector<backup::BackupManifest>& backups, bool json) {
    std::string list;
    Table table{{{"", Table::Align::right}, {""}, {""}, {"", Table::Align::right}, {""}}};
    for (const auto& m : backups) {
        if (json)
            list += fmt::format("{}{{{}}}", list.empty() ? "" : ",", json_members(m));
        else
            table.add({std::to_string(m.number), to_text(m.taken),
                       fmt::format("events 1 to {}", m.position), size_text(m.bytes),
                       eventstore::to_hex(m.root)});
    }
    table.finish();
    if (json)
        fmt::print("{{\"backups\":[{}]}}\n", list);
    else
        tell("{}\n", counted(backups.size(), "backup"));
}

void print_checked(const CheckedBackup& checked, std::string_view what, double seconds, bool json) {
    const auto& m = checked.manifest;
    if (json) {
        std::string wrong;
        for (const auto& each : checked.wrong)
            wrong += (wrong.empty() ? "" : ",") + json_text(each);
        fmt::print(R"({{"ok":{},{},"wrong":[{}],"seconds":{:.3f}}})"
                   "\n",
                   checked.wrong.empty(), json_members(m), wrong, seconds);
        return;
    }
    if (checked.wrong.empty()) {
        tell("Backup {} of {} is {}: {} in {}, and all {} lead to the signed root; {:.1f} s\n",
             m.number, to_text(m.taken), what, size_text(m.bytes), counted(m.files, "file"),
             counted(m.position, "event"), seconds);
        return;
    }
    for (const auto& each : checked.wrong) tell("WRONG: {}\n", printable(each));
    tell("THE BACKUP IS NOT WHAT WAS SIGNED. Nothing was restored from it.\n");
}

}  // namespace yeyak::tools
