// Takes a backup: RocksDB's own engine copies log and views while they are written, the other files
// of the data folder are kept in parts named by their hash; then the note that makes the backup
// complete is signed. Of what an earlier backup holds already, nothing is copied or read again.
//
// The order of the copies makes the parts fit: witness, audit and views first, the log last, so
// that the log reaches whatever they tell of.
#pragma once
#include <functional>
#include <optional>

#include "audit/backup/folder.h"

namespace rocksdb {
class DB;
}  // namespace rocksdb

namespace yeyak::backup {

using eventstore::Position;

// Who signs, and what the tree over the first `size` events has as its root.
struct BackupSeal {
    const audit::SigningKey& key;
    std::function<StoreResult<audit::Hash>(Position size)> root;
};

struct BackupTask {
    std::filesystem::path data;
    rocksdb::DB& log;
    rocksdb::DB* views = nullptr;  // none when no view was ever built
    std::filesystem::path to;
    std::uint64_t bytes_per_second = 0;  // 0: as fast as it goes
    bool in_background = false;          // give way to the server
    Instant now;
    // Called about every MiB with how much was copied since the last call, on any thread; false
    // stops.
    std::function<bool(std::uint64_t bytes)> copied = {};
};

struct TakenBackup {
    BackupManifest manifest;
    std::uint64_t new_files = 0;
    std::uint64_t new_bytes = 0;  // that no earlier backup holds
};

// A crash at any moment leaves the backups before as they were, and the next call goes on.
StoreResult<TakenBackup> take_backup(const BackupTask& task, const BackupSeal& seal);

// Forgets the oldest backups, so that `keep` are left; answers how many are gone.
StoreResult<std::size_t> prune_backups(const std::filesystem::path& to, std::size_t keep);

extern const StoreError backup_stopped;

}  // namespace yeyak::backup
