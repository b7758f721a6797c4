#include "replay-tools/backup/verify.h"

#include <fmt/format.h>
#include <rocksdb/env.h>
#include <rocksdb/utilities/backup_engine.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <ranges>
#include <set>

#include "eventstore/in_parallel.h"
#include "replay-tools/backup/log_tree.h"
#include "replay-tools/replay/rebuild.h"

namespace yeyak::tools {
namespace {

namespace fs = std::filesystem;
using backup::BackupList;
using backup::BackupManifest;

StoreError not_there(std::string detail) {
    return {StoreError::Kind::refused_open, std::move(detail)};
}

class Checking {
  public:
    Checking(const backup::BackupFolder& folder, const audit::VerifierKey& key,
             const BackupProgress& progress)
        : folder_(folder), key_(key), progress_(progress) {}

    StoreResult<CheckedBackup> check(std::uint64_t number) {
        const auto opened = folder_.manifest(number, key_);
        if (!opened) {
            wrong(opened.error().detail);
            return result_;
        }
        result_.manifest = opened->manifest;
        check_chain(result_.manifest);
        const auto list = folder_.list(result_.manifest);
        if (!list) {
            wrong(list.error().detail);
            return result_;
        }
        check_sums(*list);
        check_files(*list);
        if (stopped_) return std::unexpected(interrupted_error);
        // What is damaged already is not read as a log: the files tell what is wrong.
        if (!result_.wrong.empty()) return result_;
        check_log();
        if (stopped_) return std::unexpected(interrupted_error);
        return result_;
    }

  private:
    void wrong(std::string what) {
        const std::lock_guard lock{mutex_};
        result_.wrong.push_back(std::move(what));
    }

    // Every note names the one before it by its hash, as far back as there are any.
    void check_chain(const backup::BackupManifest& manifest) {
        const auto numbers = folder_.numbers();
        if (!numbers) return wrong(numbers.error().detail);
        auto next = manifest;
        for (const auto number : *numbers | std::views::reverse) {
            if (number >= next.number) continue;
            const auto before = folder_.manifest(number, key_);
            if (!before) return wrong(before.error().detail);
            if (number + 1 != next.number)
                return wrong(fmt::format("backup {} is missing between {} and {}", number + 1,
                                         number, next.number));
            if (next.previous != before->digest)
                return wrong(fmt::format("backup {} does not follow from backup {} as it is here",
                                         next.number, number));
            next = before->manifest;
        }
        if (next.number == 1 && next.previous) wrong("backup 1 names one before it");
        if (next.number > 1 && !next.previous)
            wrong(fmt::format("backup {} names none before it", next.number));
    }

    void check_sums(const backup::BackupList& list) {
        std::uint64_t bytes = 0;
        std::set<std::string_view> paths;
        for (const auto& object : list.objects) {
            bytes += object.bytes;
            paths.insert(object.path);
        }
        if (bytes != result_.manifest.bytes || list.objects.size() != result_.manifest.files)
            wrong("the note and the list of files disagree on how much there is");
        for (const auto& file : list.files)
            for (const auto& part : file.parts)
                if (!paths.contains(backup::object_path(part)))
                    wrong(fmt::format("a part of {} is not in the list", file.path));
    }

    void check_files(const backup::BackupList& list) {
        std::uint64_t done = 0;
        eventstore::in_parallel(list.objects.size(), [&](std::size_t i) {
            if (stopped_) return;
            const auto& object = list.objects[i];
            const auto path = folder_.path() / object.path;
            std::error_code missing;
            const auto bytes = fs::file_size(path, missing);
            if (missing)
                wrong(fmt::format("{} is missing", path.string()));
            else if (bytes != object.bytes)
                wrong(fmt::format("{} has {} bytes, signed were {}", path.string(), bytes,
                                  object.bytes));
            else if (const auto digest = backup::sha256_of_file(path); !digest)
                wrong(digest.error().detail);
            else if (*digest != object.digest)
                wrong(fmt::format("{} is not as it was signed", path.string()));
            const std::lock_guard lock{mutex_};
            done += object.bytes;
            if (progress_.bytes && !progress_.bytes(done, result_.manifest.bytes)) stopped_ = true;
        });
    }

    // The signed root is that of the records, read where they lie.
    void check_log() {
        rocksdb::BackupEngineReadOnly* opened = nullptr;
        auto options = backup::backup_options(folder_.database("log"));
        options.info_log = backup::no_logger().get();
        const auto status =
            rocksdb::BackupEngineReadOnly::Open(options, rocksdb::Env::Default(), &opened);
        if (!status.ok()) return wrong(backup::backup_error(folder_.path(), status).detail);
        const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine{opened};
        rocksdb::BackupInfo info;
        const auto id = static_cast<rocksdb::BackupID>(result_.manifest.log_id);
        if (const auto found = engine->GetBackupInfo(id, &info, true); !found.ok())
            return wrong(backup::backup_error(folder_.path(), found).detail);
        const auto log = RawDatabase::open(info.name_for_open, {"events"}, info.env_for_open);
        if (!log) return wrong(log.error().detail);
        if (const auto found = compare_root(**log, result_.manifest, progress_); !found) {
            if (found.error().detail == interrupted_error.detail)
                stopped_ = true;
            else
                wrong(found.error().detail);
        }
    }

    const backup::BackupFolder& folder_;
    const audit::VerifierKey& key_;
    const BackupProgress& progress_;
    CheckedBackup result_;
    std::mutex mutex_;
    std::atomic<bool> stopped_ = false;
};

}  // namespace

StoreResult<void> compare_root(const RawDatabase& log, const backup::BackupManifest& manifest,
                               const BackupProgress& progress) {
    const auto tree = LogTree::read(log, progress.events);
    if (!tree) return std::unexpected(tree.error());
    const auto wrong = [](std::string detail) {
        return std::unexpected(StoreError{StoreError::Kind::corrupt, std::move(detail)});
    };
    if (tree->head() != manifest.position)
        return wrong(fmt::format("the log ends at event {}, signed was {}", tree->head(),
                                 manifest.position));
    const auto root = tree->root(tree->head());
    if (!root) return std::unexpected(root.error());
    if (*root != manifest.root)
        return wrong(fmt::format("the root over the {} events is {}, signed was {}",
                                 manifest.position, eventstore::to_hex(*root),
                                 eventstore::to_hex(manifest.root)));
    return {};
}

StoreResult<CheckedBackup> check_backup(const backup::BackupFolder& folder, std::uint64_t number,
                                        const audit::VerifierKey& key,
                                        const BackupProgress& progress) {
    return Checking{folder, key, progress}.check(number);
}

StoreResult<std::uint64_t> number_in(const backup::BackupFolder& folder, std::uint64_t number) {
    const auto numbers = folder.numbers();
    if (!numbers) return std::unexpected(numbers.error());
    if (numbers->empty())
        return std::unexpected(
            not_there(fmt::format("{} holds no complete backup", folder.path().string())));
    if (number == 0) return numbers->back();
    if (std::ranges::find(*numbers, number) != numbers->end()) return number;
    return std::unexpected(
        not_there(fmt::format("there is no backup {} in {}; there are {}", number,
                              folder.path().string(), fmt::join(*numbers, ", "))));
}

}  // namespace yeyak::tools
