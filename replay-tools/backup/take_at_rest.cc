#include <fmt/format.h>

#include <chrono>
#include <mutex>
#include <optional>

#include "audit/backup/keys.h"
#include "audit/backup/take.h"
#include "audit/proofs/files.h"
#include "audit/proofs/recovery.h"
#include "eventstore/rocks_store.h"
#include "kernel/edge/clock.h"
#include "privacy/key_store.h"
#include "projections/runner/view_store.h"
#include "replay-tools/backup/log_tree.h"
#include "replay-tools/backup/report.h"
#include "replay-tools/backup/take.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/reading/journal.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/progress.h"
#include "server/folder_keys.h"

namespace yeyak::tools {
namespace {

using backup::BackupSeal;
using backup::BackupTask;
using backup::TakenBackup;
using projections::ViewStore;

constexpr std::uint64_t mebibyte = 1 << 20;

// The log as this command opens it: nobody writes it until the lock is let go.
struct AtRest {
    backup::FolderLock lock;
    std::unique_ptr<eventstore::RocksStore> log;
    std::unique_ptr<ViewStore> views;
    std::unique_ptr<RawDatabase> records;
};

StoreResult<AtRest> open_at_rest(const std::filesystem::path& data) {
    if (!std::filesystem::exists(data / "log" / "CURRENT"))
        return std::unexpected(
            StoreError{StoreError::Kind::refused_open,
                       fmt::format("{} is no data folder: it holds no log", data.string())});
    auto lock = backup::FolderLock::take(data / "log" / "LOCK", data);
    if (!lock) return std::unexpected(std::move(lock).error());
    AtRest opened{*std::move(lock), nullptr, nullptr, nullptr};
    eventstore::RocksOptions options;
    options.data_dir = data;
    options.read_only = true;
    auto log = eventstore::RocksStore::open(options);
    if (!log) return std::unexpected(std::move(log).error());
    opened.log = *std::move(log);
    if (std::filesystem::exists(data / "views" / "CURRENT")) {
        auto views = ViewStore::open(data / "views", true);
        if (!views) return std::unexpected(std::move(views).error());
        opened.views = *std::move(views);
    }
    auto records = RawDatabase::open(data / "log", {"events"});
    if (!records) return std::unexpected(std::move(records).error());
    opened.records = *std::move(records);
    return opened;
}

std::filesystem::path key_file_of(const TakeOptions& options) {
    return options.key_file.empty() ? audit::key_file_in(options.data) : options.key_file;
}

StoreResult<void> copy_keys(const TakeOptions& options) {
    if (options.keys_to.empty()) return {};
    for (const auto& other : {options.to, options.data})
        if (auto apart = backup::expect_apart("a copy of keys", options.keys_to, other); !apart)
            return apart;
    backup::KeyCopy keys;
    keys.files = {{"card.key", options.data / "card.key"},
                  {"audit.key", key_file_of(options)},
                  {"master.key", options.data / "master.key"}};
    if (std::filesystem::exists(options.data / "keys" / "CURRENT"))
        keys.persons = [&](const std::filesystem::path& folder) -> StoreResult<void> {
            const auto store = privacy::KeyStore::open(options.data / "keys", true);
            if (!store) return std::unexpected(store.error());
            return (*store)->copy_to(folder);
        };
    return backup::copy_keys(keys, options.keys_to);
}

// A log that was changed is not signed for.
StoreResult<void> agrees_with_checkpoint(const std::filesystem::path& data, const LogTree& tree,
                                         const audit::VerifierKey& key) {
    const auto stored = audit::stored_checkpoint(data, key);
    if (!stored) return std::unexpected(stored.error());
    if (!*stored) return {};
    const auto& signed_head = (*stored)->checkpoint.head;
    const auto root = tree.root(signed_head.size);
    if (root && *root == signed_head.root) return {};
    return std::unexpected(StoreError{
        StoreError::Kind::corrupt,
        fmt::format("the log in {} is not the one that its checkpoint of {} events was signed for; "
                    "keep a copy of the folder, then restore the last verified backup",
                    data.string(), signed_head.size)});
}

StoreResult<backup::TakenBackup> take(const TakeOptions& options, const AtRest& opened) {
    const auto key =
        server::open_signing_key(*opened.log, key_file_of(options), options.origin, options.data);
    if (!key) return std::unexpected(key.error());
    Progress reading{"reading the log", opened.log->head()};
    const auto tree = LogTree::read(*opened.records, [&](Position done, Position) {
        reading.reached(done);
        return !interrupted();
    });
    reading.clear();
    if (!tree) return std::unexpected(tree.error());
    if (auto agrees = agrees_with_checkpoint(options.data, *tree, key->verifier()); !agrees)
        return std::unexpected(agrees.error());
    const backup::BackupSeal seal{*key, [&](Position size) { return tree->root(size); }};
    backup::BackupTask task{.data = options.data,
                            .log = *opened.log->handles().db,
                            .to = options.to,
                            .now = Clock{}.now()};
    if (opened.views) task.views = &opened.views->database();
    task.bytes_per_second = options.max_rate * mebibyte;
    Progress copying{"copying", 0, Progress::bytes};
    std::mutex one_at_a_time;  // copies are told of by any thread
    std::uint64_t copied = 0;
    task.copied = [&](std::uint64_t bytes) {
        const std::lock_guard hold{one_at_a_time};
        copying.reached(copied += bytes);
        return !interrupted();
    };
    return backup::take_backup(task, seal);
}

// The folder may be one that cannot be written any more: then the backup is all the more wanted.
void record(const TakeOptions& options, const backup::TakenBackup& taken) {
    eventstore::RocksOptions writing;
    writing.data_dir = options.data;
    const auto log = eventstore::RocksStore::open(writing);
    operations::BackupTaken fact;
    fact.number = static_cast<std::int64_t>(taken.manifest.number);
    fact.position = static_cast<std::int64_t>(taken.manifest.position);
    fact.root = eventstore::to_hex(taken.manifest.root);
    const auto recorded = log ? record_at_rest(**log, Clock{}.now(), options.actor, fact)
                              : std::unexpected(log.error());
    if (!recorded)
        fmt::print(stderr,
                   "yeyak: the backup is complete, but the log could not be told of it: {}\n",
                   recorded.error().detail);
}

int ended_by(const StoreError& error) {
    if (interrupted()) {
        fmt::print(stderr, "yeyak: interrupted; the backups taken before are as they were\n");
        return to_int(ExitCode::interrupted);
    }
    const int code = refuse(error);
    if (code == to_int(ExitCode::in_use))
        fmt::print(stderr,
                   "A server that has the data open takes its backups itself: --server "
                   "http://127.0.0.1:8080 --to DIR\n");
    return error.kind == StoreError::Kind::corrupt ? to_int(ExitCode::failed) : code;
}

}  // namespace

int take_at_rest(const TakeOptions& options) {
    const InterruptGuard guard;
    for (const auto& place : {options.data, options.to, options.keys_to})
        if (const auto mend = audit::closed_by(place))
            fmt::print(stderr, "yeyak: {} is open to other accounts: {}\n", place.string(), *mend);
    const auto began = std::chrono::steady_clock::now();
    StoreResult<backup::TakenBackup> taken;
    {
        const auto opened = open_at_rest(options.data);
        if (!opened) return ended_by(opened.error());
        if (auto copied = copy_keys(options); !copied) return ended_by(copied.error());
        taken = take(options, *opened);
    }
    if (!taken) return ended_by(taken.error());
    record(options, *taken);
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began;
    print_taken(*taken, options.to, passed.count(), options.json);
    return to_int(ExitCode::ok);
}

}  // namespace yeyak::tools
