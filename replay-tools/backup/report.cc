#include "replay-tools/backup/report.h"

#include <fmt/format.h>

#include <cstdio>

#include "replay-tools/terminal/progress.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {

std::string size_text(std::uint64_t bytes) {
    constexpr const char* units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; size >= 1024 && unit + 1 < std::size(units); ++unit) size /= 1024;
    return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", size, units[unit]);
}

std::string json_members(const backup::BackupManifest& m) {
    return fmt::format(
        R"("log":{},"number":{},"taken":"{}","position":{},"root":"{}","files":{},"bytes":{})",
        json_text(m.log), m.number, to_text(m.taken), m.position, eventstore::to_hex(m.root),
        m.files, m.bytes);
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
    fmt::print("Backup {} in {}: events 1 to {}, {} in {} files, {} of them new, {:.1f} s\n",
               m.number, to.string(), grouped(m.position), size_text(m.bytes), m.files,
               size_text(taken.new_bytes), seconds);
    fmt::print("Root {}, signed by {}\n", eventstore::to_hex(m.root), m.log);
}

void print_list(const std::vector<backup::BackupManifest>& backups, bool json) {
    std::string list;
    for (const auto& m : backups) {
        if (json)
            list += fmt::format("{}{{{}}}", list.empty() ? "" : ",", json_members(m));
        else
            fmt::print("{:>6}  {}  events 1 to {:>13}  {:>10}  {}\n", m.number, to_text(m.taken),
                       grouped(m.position), size_text(m.bytes), eventstore::to_hex(m.root));
    }
    if (json) fmt::print("{{\"backups\":[{}]}}\n", list);
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
        fmt::print(
            "Backup {} of {} is {}: {} in {} files, and all {} events lead to the signed "
            "root; {:.1f} s\n",
            m.number, to_text(m.taken), what, size_text(m.bytes), m.files, grouped(m.position),
            seconds);
        return;
    }
    for (const auto& each : checked.wrong) fmt::print("WRONG: {}\n", printable(each));
    fmt::print("THE BACKUP IS NOT WHAT WAS SIGNED. Nothing was restored from it.\n");
}

}  // namespace yeyak::tools
