// Whether a backup is what was signed: every byte of it, and every record in its log. Writes
// nothing.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "audit/backup/folder.h"
#include "replay-tools/reading/raw_database.h"

namespace yeyak::tools {

using backup::BackupFolder;
using eventstore::Position;
using eventstore::StoreError;
using eventstore::StoreResult;

// What is done, and of how much: bytes while files are read, events while the log is.
struct BackupProgress {
    std::function<bool(std::uint64_t done, std::uint64_t all)> bytes = {};  // false stops
    std::function<bool(Position done, Position all)> events = {};
};

struct CheckedBackup {
    backup::BackupManifest manifest;
    std::vector<std::string> wrong;  // what is not as it was signed, and where; empty: it is whole
};

// The note, its place in the chain, all files, and the root over the records of the log. The error
// is that it was stopped.
StoreResult<CheckedBackup> check_backup(const backup::BackupFolder& folder, std::uint64_t number,
                                        const audit::VerifierKey& key,
                                        const BackupProgress& progress);

// Ok when the log ends where the note says and all its records lead to the signed root.
StoreResult<void> compare_root(const RawDatabase& log, const backup::BackupManifest& manifest,
                               const BackupProgress& progress);

// The backup's number, or that of the newest when it is 0.
StoreResult<std::uint64_t> number_in(const backup::BackupFolder& folder, std::uint64_t number);

}  // namespace yeyak::tools
