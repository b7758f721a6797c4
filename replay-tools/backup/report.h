// What the backup commands print, as text for people or as one JSON object.
#pragma once
#include "audit/backup/take.h"
#include "replay-tools/backup/verify.h"

namespace yeyak::tools {

// A backup that was taken here or by a server, told alike.
struct Taken {
    std::uint64_t number = 0;
    std::string to;
    std::uint64_t position = 0;
    std::uint64_t bytes = 0;
    std::uint64_t files = 0;
    std::uint64_t new_bytes = 0;
};
std::string taken_text(const Taken& taken);

// The members of a JSON object that tell of a backup, without braces.
std::string json_members(const backup::BackupManifest& manifest);

void print_taken(const backup::TakenBackup& taken, const std::filesystem::path& to, double seconds,
                 bool json);
void print_list(const std::vector<backup::BackupManifest>& backups, bool json);
// `what` names what was done when it is whole: "verified", "restored".
void print_checked(const CheckedBackup& checked, std::string_view what, double seconds, bool json);

}  // namespace yeyak::tools
