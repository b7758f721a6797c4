// Makes a data folder of a backup. Nothing is at its place before everything was checked: the files
// are written into a folder beside it, which gets its name as the last step.
#pragma once
#include <filesystem>
#include <optional>

#include "replay-tools/backup/verify.h"

namespace yeyak::tools {

struct RestoreTask {
    std::filesystem::path from;
    std::uint64_t number = 0;    // 0: the newest
    std::filesystem::path data;  // must not exist, or be empty
    // A copy of the keys (yeyak backup --keys-to), or none.
    std::optional<std::filesystem::path> keys_from = {};
    BackupProgress progress = {};
};

// `wrong` is not empty when the backup is not what was signed; then nothing was written.
StoreResult<CheckedBackup> restore_backup(const RestoreTask& task,
                                          const backup::BackupFolder& folder,
                                          const audit::VerifierKey& key);

}  // namespace yeyak::tools
