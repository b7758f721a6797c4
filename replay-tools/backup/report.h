// What the backup commands print, as text for people or as one JSON object.
#pragma once
#include "audit/backup/take.h"
#include "replay-tools/backup/verify.h"

namespace yeyak::tools {

// 48593 -> "47.5 KiB".
std::string size_text(std::uint64_t bytes);

// The members of a JSON object that tell of a backup, without braces.
std::string json_members(const backup::BackupManifest& manifest);

void print_taken(const backup::TakenBackup& taken, const std::filesystem::path& to, double seconds,
                 bool json);
void print_list(const std::vector<backup::BackupManifest>& backups, bool json);
// `what` names what was done when it is whole: "verified", "restored".
void print_checked(const CheckedBackup& checked, std::string_view what, double seconds, bool json);

}  // namespace yeyak::tools
