// Backups that a running server takes of itself, one at a time, on a thread of its own: only below
// one folder that the operator named (backup.dir), so that nobody can write anywhere else by HTTP.
#pragma once
#include <atomic>
#include <mutex>
#include <thread>

#include "audit/backup/keys.h"
#include "kernel/edge/clock.h"
#include "server/backup_job.h"

namespace yeyak::server {

using eventstore::StoreResult;

struct BackupsOptions {
    std::filesystem::path data;
    std::optional<std::filesystem::path> allowed;  // backups go below it; none: no backups
    std::uint64_t bytes_per_second = 0;
    backup::KeyCopy keys;
    // Called on the thread of the backup when one is complete.
    std::function<void(const BackupJob&)> done;
};

class Backups {
  public:
    // The databases, the key and the clock must outlive this.
    Backups(BackupsOptions options, rocksdb::DB& log, rocksdb::DB& views, backup::BackupSeal seal,
            const Clock& clock);
    // Stops what runs; the backups taken before are whole.
    ~Backups();
    Backups(const Backups&) = delete;
    Backups& operator=(const Backups&) = delete;

    // `to` and `keys_to` are below the allowed folder, absolute or relative to it.
    std::expected<BackupJob, BackupRefused> begin(const std::string& to, const std::string& keys_to,
                                                  Cause cause);
    // The newest hundred, oldest first. Any thread, as job().
    std::vector<BackupJob> jobs() const;
    std::optional<BackupJob> job(std::uint64_t id) const;

  private:
    using Place = std::expected<std::filesystem::path, BackupRefused>;
    Place place_of(const std::string& path, const std::string& field) const;
    std::expected<BackupJob, BackupRefused> plan(const std::string& to,
                                                 const std::string& keys_to) const;
    void run(BackupJob job);
    StoreResult<backup::TakenBackup> take(const BackupJob& job);
    void update(const BackupJob& job);

    BackupsOptions options_;
    rocksdb::DB& log_;
    rocksdb::DB& views_;
    backup::BackupSeal seal_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::vector<BackupJob> jobs_;
    std::uint64_t last_id_ = 0;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace yeyak::server
