// A folder of backups of one log, one after the other, each with what is new since the one before
// (eventstore/FORMAT.md, "Backups"). One process at a time may write it; anybody may read.
//
// Everything here blocks. Errors say what is wrong and where; bytes that are not as they were
// signed are StoreError::Kind::corrupt.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "audit/backup/manifest.h"
#include "eventstore/event_store.h"

namespace rocksdb {
class FileLock;
class Logger;
class Status;
struct BackupEngineOptions;
}  // namespace rocksdb

namespace yeyak::backup {

using eventstore::StoreError;
using eventstore::StoreResult;

// A note whose signature was checked, or not, and the hash of the whole note.
struct OpenedManifest {
    BackupManifest manifest;
    eventstore::Sha256 digest{};
};

class BackupFolder {
  public:
    // Refused when there are no backups of a known format.
    static StoreResult<BackupFolder> open(std::filesystem::path path);
    // Also makes one of a folder that is missing or empty. `verifier` is kept in it for readers who
    // bring no key of their own.
    static StoreResult<BackupFolder> create(std::filesystem::path path,
                                            const audit::VerifierKey& verifier);

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path database(std::string_view name) const { return path_ / name; }

    // Of all backups that are complete, ascending.
    StoreResult<std::vector<std::uint64_t>> numbers() const;
    // The key that lies in the folder: whoever can change the backups can change it, too.
    StoreResult<audit::VerifierKey> kept_verifier() const;

    // `key` signed it, and it is that of this number.
    StoreResult<OpenedManifest> manifest(std::uint64_t number, const audit::VerifierKey& key) const;
    // What it says, whoever signed it: to be shown, not to be believed.
    StoreResult<OpenedManifest> unchecked_manifest(std::uint64_t number) const;
    StoreResult<BackupList> list(const BackupManifest& manifest) const;

    // The last step of a backup: durable, and complete from then on.
    StoreResult<void> add(const BackupManifest& manifest, const BackupList& list,
                          const audit::SigningKey& key) const;
    StoreResult<void> remove(std::uint64_t number) const;

  private:
    // RocksDB reads a backup where it lies under its whole path only.
    explicit BackupFolder(const std::filesystem::path& path)
        : path_(std::filesystem::absolute(path).lexically_normal()) {}
    StoreResult<OpenedManifest> parse(std::uint64_t number, std::string_view note,
                                      std::string_view text) const;
    std::filesystem::path path_;
};

// Held while a folder of backups is written, or a data folder is read that nobody may write
// meanwhile. Also keeps out other threads of this process.
class FolderLock {
  public:
    // Locks the file; `folder` is what the error calls it.
    static StoreResult<FolderLock> take(const std::filesystem::path& file,
                                        const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(FolderLock&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)) {}
    FolderLock& operator=(FolderLock&&) = delete;

  private:
    explicit FolderLock(rocksdb::FileLock* lock) : lock_(lock) {}
    rocksdb::FileLock* lock_;
};

// Ok when neither folder lies within the other; `what` is what the first is for.
StoreResult<void> expect_apart(std::string_view what, const std::filesystem::path& folder,
                               const std::filesystem::path& other);

// As a whole or not at all, and durable.
StoreResult<void> write_whole(const std::filesystem::path& file, std::string_view bytes);
StoreResult<std::string> read_whole(const std::filesystem::path& file);
// Calls `part` with pieces of at most `size` bytes until it answers false.
StoreResult<void> read_parts(const std::filesystem::path& file, std::size_t size,
                             const std::function<bool(std::string_view part)>& part);
StoreResult<eventstore::Sha256> sha256_of_file(const std::filesystem::path& file);

// RocksDB's own folder of backups of one database.
rocksdb::BackupEngineOptions backup_options(const std::filesystem::path& folder);
StoreError backup_error(const std::filesystem::path& folder, const rocksdb::Status& status);

// RocksDB's log would be written where only backups belong.
const std::shared_ptr<rocksdb::Logger>& no_logger();

}  // namespace yeyak::backup
