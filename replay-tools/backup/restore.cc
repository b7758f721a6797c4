#include "replay-tools/backup/restore.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <rocksdb/env.h>
#include <rocksdb/utilities/backup_engine.h>
#include <unistd.h>

#include <fstream>

#include "audit/backup/keys.h"
#include "audit/proofs/files.h"
#include "eventstore/rocks_store.h"
#include "replay-tools/replay/aside.h"

namespace yeyak::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view unfinished = ".restoring-";

StoreError refuse(std::string detail) {
    return {StoreError::Kind::refused_open, std::move(detail)};
}

StoreError failed_to(std::string_view what, const fs::path& path, const std::error_code& error) {
    return {StoreError::Kind::io,
            fmt::format("cannot {} {}: {}", what, path.string(), error.message())};
}

// Without a slash at its end, so that it has a name and a parent.
fs::path plain(const fs::path& path) {
    auto normal = fs::absolute(path).lexically_normal();
    return normal.has_filename() ? normal : normal.parent_path();
}

// What is not renamed is removed.
class Working {
  public:
    static StoreResult<Working> beside(const fs::path& data) {
        const auto name = data.filename().string() + std::string{unfinished};
        std::error_code failed;
        fs::create_directories(data.parent_path(), failed);
        remove_leftovers(data.parent_path(), name);
        const auto path = data.parent_path() / fmt::format("{}{}", name, getpid());
        if (!failed) fs::create_directory(path, failed);
        if (failed) return std::unexpected(failed_to("create", path, failed));
        return Working{path};
    }
    ~Working() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    Working(Working&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    Working& operator=(Working&&) = delete;

    const fs::path& path() const { return path_; }
    StoreResult<void> rename_to(const fs::path& data) {
        std::error_code failed;
        fs::rename(path_, data, failed);
        if (failed)
            return std::unexpected(failed_to("rename the restored folder to", data, failed));
        path_.clear();
        return audit::sync_folder(data.parent_path());
    }

  private:
    explicit Working(fs::path path) : path_(std::move(path)) {}
    fs::path path_;
};

StoreResult<void> expect_empty(const fs::path& data) {
    std::error_code error;
    const auto status = fs::status(data, error);
    if (!fs::exists(status)) return {};
    if (fs::is_directory(status) && fs::is_empty(data, error) && !error) return {};
    return std::unexpected(refuse(
        fmt::format("{} is not empty; a backup is restored into a new folder, never over data",
                    data.string())));
}

StoreResult<void> restore_database(const backup::BackupFolder& folder, const std::string& name,
                                   std::uint64_t id, const fs::path& to) {
    auto options = backup::backup_options(folder.database(name));
    options.info_log = backup::no_logger().get();
    rocksdb::BackupEngineReadOnly* opened = nullptr;
    rocksdb::Status status =
        rocksdb::BackupEngineReadOnly::Open(options, rocksdb::Env::Default(), &opened);
    const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine{opened};
    if (status.ok())
        status = engine->RestoreDBFromBackup(
            rocksdb::RestoreOptions{}, static_cast<rocksdb::BackupID>(id), to / name, to / name);
    if (status.ok()) return {};
    return std::unexpected(
        StoreError{status.IsCorruption() ? StoreError::Kind::corrupt : StoreError::Kind::io,
                   fmt::format("cannot restore {}: {}", (to / name).string(), status.ToString())});
}

StoreResult<void> restore_file(const backup::BackupFolder& folder, const backup::BackedUpFile& file,
                               const fs::path& to) {
    const auto target = to / file.path;
    std::error_code failed;
    fs::create_directories(target.parent_path(), failed);
    if (failed) return std::unexpected(failed_to("create", target.parent_path(), failed));
    std::ofstream out{target, std::ios::binary};
    for (const auto& part : file.parts) {
        const auto bytes = backup::read_whole(folder.path() / backup::object_path(part));
        if (!bytes) return std::unexpected(bytes.error());
        if (eventstore::sha256({*bytes}) != part)
            return std::unexpected(StoreError{
                StoreError::Kind::corrupt,
                fmt::format("{} has changed since it was checked", backup::object_path(part))});
        out << *bytes;
    }
    out.close();
    if (!out) return std::unexpected(audit::system_error("write", target));
    return {};
}

// The restored records lead to the signed root; the store opens them for writing as a server would,
// holds them against the witness and makes that exact.
StoreResult<void> prove(const fs::path& data, const backup::BackupManifest& manifest,
                        const BackupProgress& progress) {
    {
        const auto log = RawDatabase::open(data / "log", {"events"});
        if (!log) return std::unexpected(log.error());
        if (auto same = compare_root(**log, manifest, progress); !same) return same;
    }
    eventstore::RocksOptions options;
    options.data_dir = data;
    options.headroom_bytes = 0;
    const auto store = eventstore::RocksStore::open(options);
    if (!store) return std::unexpected(store.error());
    return (*store)->flush_memory();
}

// Whatever the copies wrote reaches the disk.
StoreResult<void> sync_all(const fs::path& path) {
    const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = folder >= 0 && ::syncfs(folder) == 0;
    auto error = synced ? StoreError{} : audit::system_error("sync", path);
    if (folder >= 0) ::close(folder);
    if (!synced) return std::unexpected(std::move(error));
    return {};
}

StoreResult<void> write_all(const RestoreTask& task, const backup::BackupFolder& folder,
                            const backup::BackupManifest& manifest, const fs::path& to) {
    const auto list = folder.list(manifest);
    if (!list) return std::unexpected(list.error());
    if (manifest.views_id > 0)
        if (auto done = restore_database(folder, "views", manifest.views_id, to); !done)
            return done;
    if (auto done = restore_database(folder, "log", manifest.log_id, to); !done) return done;
    for (const auto& file : list->files)
        if (auto done = restore_file(folder, file, to); !done) return done;
    if (task.keys_from)
        if (auto done = backup::put_keys(*task.keys_from, to); !done) return done;
    if (auto proved = prove(to, manifest, task.progress); !proved) return proved;
    return sync_all(to);
}

}  // namespace

StoreResult<CheckedBackup> restore_backup(const RestoreTask& task,
                                          const backup::BackupFolder& folder,
                                          const audit::VerifierKey& key) {
    const auto data = plain(task.data);
    if (auto empty = expect_empty(data); !empty) return std::unexpected(empty.error());
    const auto number = number_in(folder, task.number);
    if (!number) return std::unexpected(number.error());
    auto checked = check_backup(folder, *number, key, task.progress);
    if (!checked || !checked->wrong.empty()) return checked;
    auto working = Working::beside(data);
    if (!working) return std::unexpected(working.error());
    if (auto written = write_all(task, folder, checked->manifest, working->path()); !written) {
        if (written.error().kind != StoreError::Kind::corrupt)
            return std::unexpected(written.error());
        checked->wrong.push_back(written.error().detail);
        return checked;
    }
    if (auto named = working->rename_to(data); !named) return std::unexpected(named.error());
    return checked;
}

}  // namespace yeyak::tools
