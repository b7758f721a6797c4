#include "audit/backup/take.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/utilities/backup_engine.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>

#include "eventstore/bytes.h"

namespace yeyak::backup {
namespace {

namespace fs = std::filesystem;
using eventstore::sha256;
using eventstore::Sha256;
using rocksdb::BackupEngine;

// Files that grow at their end are kept in parts of this size, so that only the last one is new.
constexpr std::size_t part_bytes = 1 << 20;

using Known = std::map<std::string, BackupObject, std::less<>>;

StoreResult<std::unique_ptr<BackupEngine>> open_engine(const fs::path& folder,
                                                       const BackupTask* task) {
    auto options = backup_options(folder);
    if (task) options.backup_rate_limit = task->bytes_per_second;
    options.info_log = no_logger().get();
    BackupEngine* engine = nullptr;
    const auto status = BackupEngine::Open(options, rocksdb::Env::Default(), &engine);
    if (!status.ok()) return std::unexpected(backup_error(folder, status));
    return std::unique_ptr<BackupEngine>{engine};
}

// The last event in a backup of the log, read where it lies.
StoreResult<Position> head_of(const rocksdb::BackupInfo& info, const fs::path& folder) {
    rocksdb::DBOptions options;
    options.env = info.env_for_open.get();
    options.info_log = no_logger();
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* opened = nullptr;
    const auto status = rocksdb::DB::OpenForReadOnly(
        options, info.name_for_open, {{rocksdb::kDefaultColumnFamilyName, {}}, {"events", {}}},
        &handles, &opened);
    if (!status.ok()) return std::unexpected(backup_error(folder, status));
    const std::unique_ptr<rocksdb::DB> db{opened};
    Position head = 0;
    rocksdb::Status read;
    {
        const std::unique_ptr<rocksdb::Iterator> at{db->NewIterator({}, handles[1])};
        at->SeekToLast();
        if (at->Valid()) head = eventstore::ByteReader{at->key().ToStringView()}.u64_be();
        read = at->status();
    }
    for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    if (!read.ok()) return std::unexpected(backup_error(folder, read));
    return head;
}

// What of the data folder is no database, in the order in which it must be read: what names others
// before what is named.
std::vector<fs::path> other_files(const fs::path& data) {
    std::vector<fs::path> files;
    for (const auto* name : {"FORMAT", "witness", "audit/proofs/checkpoint"})
        if (fs::is_regular_file(data / name)) files.emplace_back(name);
    std::error_code none;
    std::set<fs::path> tree;
    for (const auto& entry : fs::directory_iterator{data / "audit", none})
        if (entry.path().filename().string().starts_with("level-"))
            tree.insert(fs::path{"audit"} / entry.path().filename());
    files.insert(files.end(), tree.begin(), tree.end());
    return files;
}

class Taking {
  public:
    Taking(const BackupTask& task, const BackupSeal& seal, BackupFolder folder)
        : task_(task), seal_(seal), folder_(std::move(folder)) {}

    StoreResult<TakenBackup> take() {
        if (auto read = read_latest(); !read) return std::unexpected(read.error());
        if (auto copied = copy_other_files(); !copied) return std::unexpected(copied.error());
        if (task_.views) {
            const auto views = copy_database("views", *task_.views);
            if (!views) return std::unexpected(views.error());
            made_.views_id = views->backup_id;
        }
        const auto log = copy_database("log", task_.log);
        if (!log) return std::unexpected(log.error());
        made_.log_id = log->backup_id;
        const auto head = head_of(*log, folder_.database("log"));
        if (!head) return std::unexpected(head.error());
        made_.position = *head;
        const auto root = seal_.root(*head);
        if (!root) return std::unexpected(root.error());
        made_.root = *root;
        return finish();
    }

  private:
    StoreResult<void> read_latest() {
        made_.log = seal_.key.verifier().name();
        made_.number = 1;
        made_.taken = task_.now;
        const auto numbers = folder_.numbers();
        if (!numbers) return std::unexpected(numbers.error());
        for (const auto number : *numbers) {
            const auto manifest = folder_.manifest(number, seal_.key.verifier());
            if (!manifest) return std::unexpected(manifest.error());
            log_ids_.insert(manifest->manifest.log_id);
            views_ids_.insert(manifest->manifest.views_id);
            if (number != numbers->back()) continue;
            made_.number = number + 1;
            made_.previous = manifest->digest;
            auto list = folder_.list(manifest->manifest);
            if (!list) return std::unexpected(list.error());
            for (auto& object : list->objects) known_.emplace(object.path, object);
            return same_log(manifest->manifest);
        }
        return {};
    }

    // The log must go on where the backup before ended: one that was changed or put back is not
    // added to what proves it.
    StoreResult<void> same_log(const BackupManifest& before) const {
        const auto root = seal_.root(before.position);
        if (root && *root == before.root) return {};
        return std::unexpected(StoreError{
            StoreError::Kind::corrupt,
            fmt::format("backup {} in {} holds events up to {} that this log does not have: it is "
                        "another log, or it was put back or changed since; compare with yeyak "
                        "backup verify, and choose a new folder if it is right",
                        before.number, task_.to.string(), before.position)});
    }

    StoreResult<rocksdb::BackupInfo> copy_database(const char* name, rocksdb::DB& db) {
        const auto folder = folder_.database(name);
        auto engine = open_engine(folder, &task_);
        if (!engine) return std::unexpected(engine.error());
        // Of backups that were cut short before their note was signed. Of an older one whose note
        // is gone, nothing is removed here.
        const auto& kept = std::string_view{name} == "log" ? log_ids_ : views_ids_;
        std::vector<rocksdb::BackupInfo> present;
        (*engine)->GetBackupInfo(&present);
        for (const auto& info : present)
            if (kept.empty() || info.backup_id > *kept.rbegin())
                if (const auto status = (*engine)->DeleteBackup(info.backup_id); !status.ok())
                    return std::unexpected(backup_error(folder, status));
        rocksdb::CreateBackupOptions options;
        options.flush_before_backup = true;
        options.decrease_background_thread_cpu_priority = task_.in_background;
        options.background_thread_cpu_priority = rocksdb::CpuPriority::kLow;
        std::atomic<bool> stopped = false;
        options.progress_callback = [&, raw = engine->get()] {
            if (!task_.copied ||
                task_.copied(backup_options(folder).callback_trigger_interval_size))
                return;
            stopped = true;
            raw->StopBackup();
        };
        rocksdb::BackupID id = 0;
        const auto status = (*engine)->CreateNewBackup(options, &db, &id);
        if (stopped) return std::unexpected(backup_stopped);
        if (!status.ok()) return std::unexpected(backup_error(folder, status));
        rocksdb::BackupInfo info;
        const auto described = (*engine)->GetBackupInfo(id, &info, true);
        if (!described.ok()) return std::unexpected(backup_error(folder, described));
        for (const auto& file : info.file_details)
            paths_.push_back(fmt::format("{}/{}", name, file.relative_filename));
        paths_.push_back(fmt::format("{}/meta/{}", name, id));
        return info;
    }

    StoreResult<void> copy_other_files() {
        for (const auto& name : other_files(task_.data)) {
            BackedUpFile file{name.generic_string(), {}};
            StoreResult<void> kept;
            const auto read = read_parts(task_.data / name, part_bytes, [&](std::string_view part) {
                kept = keep_part(part, file);
                return kept.has_value();
            });
            if (!kept) return kept;
            if (!read) return read;
            list_.files.push_back(std::move(file));
        }
        return {};
    }

    StoreResult<void> keep_part(std::string_view part, BackedUpFile& file) {
        BackupObject object{sha256({part}), part.size(), {}};
        object.path = object_path(object.digest);
        file.parts.push_back(object.digest);
        if (!parts_.insert(object.path).second) return {};
        std::error_code missing;
        const bool there = known_.contains(object.path) &&
                           fs::file_size(task_.to / object.path, missing) == object.bytes;
        if (!there) {
            if (auto written = write_whole(task_.to / object.path, part); !written) return written;
            ++taken_.new_files;
            taken_.new_bytes += object.bytes;
        }
        list_.objects.push_back(std::move(object));
        return {};
    }

    // Table files never change, so what the backup before has read is not read again.
    StoreResult<void> hash(const std::string& path) {
        std::error_code failed;
        const auto bytes = fs::file_size(task_.to / path, failed);
        const auto known = known_.find(path);
        if (known != known_.end() && !failed && known->second.bytes == bytes &&
            path.find("/shared_checksum/") != path.npos) {
            list_.objects.push_back(known->second);
            return {};
        }
        const auto digest = sha256_of_file(task_.to / path);
        if (!digest) return std::unexpected(digest.error());
        list_.objects.push_back({*digest, bytes, path});
        ++taken_.new_files;
        taken_.new_bytes += bytes;
        if (task_.copied && !task_.copied(0)) return std::unexpected(backup_stopped);
        return {};
    }

    StoreResult<TakenBackup> finish() {
        for (const auto& path : paths_)
            if (auto hashed = hash(path); !hashed) return std::unexpected(hashed.error());
        std::ranges::sort(list_.objects, {}, &BackupObject::path);
        for (const auto& object : list_.objects) made_.bytes += object.bytes;
        made_.files = list_.objects.size();
        made_.list = sha256({to_text(list_)});
        if (auto added = folder_.add(made_, list_, seal_.key); !added)
            return std::unexpected(added.error());
        taken_.manifest = made_;
        return taken_;
    }

    const BackupTask& task_;
    const BackupSeal& seal_;
    BackupFolder folder_;
    BackupManifest made_;
    BackupList list_;
    TakenBackup taken_;
    Known known_;                                  // of the backup before
    std::set<std::uint64_t> log_ids_, views_ids_;  // of RocksDB's backups that a note names
    std::vector<std::string> paths_;               // of RocksDB's files of this backup
    std::set<std::string> parts_;
};

// Removes what no note names any more.
StoreResult<void> sweep(const BackupFolder& folder, const std::vector<std::uint64_t>& numbers) {
    std::map<std::string, std::set<std::uint64_t>> ids;
    std::set<std::string> objects;
    for (const auto number : numbers) {
        const auto opened = folder.unchecked_manifest(number);
        if (!opened) return std::unexpected(opened.error());
        const auto list = folder.list(opened->manifest);
        if (!list) return std::unexpected(list.error());
        ids["log"].insert(opened->manifest.log_id);
        ids["views"].insert(opened->manifest.views_id);
        for (const auto& object : list->objects) objects.insert(object.path);
    }
    for (const auto& [name, kept] : ids) {
        auto engine = open_engine(folder.database(name), nullptr);
        if (!engine) return std::unexpected(engine.error());
        std::vector<rocksdb::BackupInfo> present;
        (*engine)->GetBackupInfo(&present);
        for (const auto& info : present)
            if (!kept.contains(info.backup_id))
                if (const auto status = (*engine)->DeleteBackup(info.backup_id); !status.ok())
                    return std::unexpected(backup_error(folder.database(name), status));
        if (const auto status = (*engine)->GarbageCollect(); !status.ok())
            return std::unexpected(backup_error(folder.database(name), status));
    }
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator{folder.path() / "files", failed})
        if (!objects.contains("files/" + entry.path().filename().string()))
            fs::remove(entry.path(), failed);
    return {};
}

}  // namespace

const StoreError backup_stopped{StoreError::Kind::io, "the backup was stopped"};

StoreResult<TakenBackup> take_backup(const BackupTask& task, const BackupSeal& seal) {
    if (auto apart = expect_apart("a backup", task.to, task.data); !apart)
        return std::unexpected(apart.error());
    auto folder = BackupFolder::create(task.to, seal.key.verifier());
    if (!folder) return std::unexpected(folder.error());
    const auto lock = FolderLock::take(task.to / "LOCK", task.to);
    if (!lock) return std::unexpected(lock.error());
    return Taking{task, seal, *std::move(folder)}.take();
}

StoreResult<std::size_t> prune_backups(const fs::path& to, std::size_t keep) {
    const auto folder = BackupFolder::open(to);
    if (!folder) return std::unexpected(folder.error());
    const auto lock = FolderLock::take(to / "LOCK", to);
    if (!lock) return std::unexpected(lock.error());
    auto numbers = folder->numbers();
    if (!numbers) return std::unexpected(numbers.error());
    const auto gone = numbers->size() - std::min(keep, numbers->size());
    for (std::size_t i = 0; i < gone; ++i)
        if (auto removed = folder->remove((*numbers)[i]); !removed)
            return std::unexpected(removed.error());
    numbers->erase(numbers->begin(), numbers->begin() + static_cast<std::ptrdiff_t>(gone));
    if (auto swept = sweep(*folder, *numbers); !swept) return std::unexpected(swept.error());
    return gone;
}

}  // namespace yeyak::backup
