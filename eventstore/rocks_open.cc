#include "eventstore/rocks_open.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <algorithm>

#include "eventstore/data_folder.h"
#include "eventstore/lock_error.h"
#include "eventstore/log_checks.h"
#include "eventstore/pinned_format.h"

namespace yeyak::eventstore {
namespace {

// How often a reader looks at a log that it cannot open: while its files stay as they are, and
// while a writer goes on changing them.
constexpr int looks_at_rest = 8;
constexpr int looks_beside_a_writer = 1000;

// How a database is opened: to look at a log, to write one that exists, to create one.
enum class Mode { read, write, create };

// The part of a stream key that Seek may rely on: the stream's name with its NUL.
class StreamPrefix final : public rocksdb::SliceTransform {
  public:
    const char* Name() const override { return "yeyak.stream_prefix"; }
    rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
        return {key.data(), key.ToStringView().find('\0') + 1};
    }
    bool InDomain(const rocksdb::Slice& key) const override {
        return key.ToStringView().find('\0') != std::string_view::npos;
    }
};

// RocksDB's own LOG would be written by readers, too.
class NoLogger final : public rocksdb::Logger {
  public:
    NoLogger() : Logger(rocksdb::InfoLogLevel::FATAL_LEVEL) {}
    using Logger::Logv;
    void Logv(const char*, va_list) override {}
};

StoreError refuse(std::string detail) {
    return {StoreError::Kind::refused_open, std::move(detail)};
}

rocksdb::DBOptions db_options(const RocksOptions& options, Mode mode) {
    rocksdb::DBOptions db;
    pin_format(db);
    db.create_if_missing = mode == Mode::create;
    db.create_missing_column_families = mode == Mode::create;
    if (options.env) db.env = options.env;
    // The default mode drops an acknowledged tail in silence after one flipped bit; this one
    // refuses all but a torn last record, and the witness tells about that one.
    db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    db.paranoid_checks = true;
    // All families reach table files together, so that a lost end of the manifest cannot take one
    // family back in time and leave the others.
    db.atomic_flush = true;
    db.max_total_wal_size = 64 << 20;  // bounds what a start after a crash must replay
    db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
    if (mode == Mode::read || options.simulation) db.info_log = std::make_shared<NoLogger>();
    db.keep_log_file_num = 4;
    db.stats_dump_period_sec = 0;
    db.stats_persist_period_sec = 0;
    db.max_background_jobs = options.simulation ? 1 : 2;
    db.max_file_opening_threads = options.simulation ? 1 : 4;
    db.max_open_files = options.max_open_files;
    db.max_bgerror_resume_count = 0;  // a failed write is final: the process ends and recovers
    db.allow_concurrent_memtable_write = false;  // one writer
    db.avoid_flush_during_shutdown = options.simulation;
    return db;
}

rocksdb::ColumnFamilyOptions family_options(const RocksOptions& options,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
    rocksdb::ColumnFamilyOptions family;
    rocksdb::BlockBasedTableOptions table;
    table.block_size = 16 << 10;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    if (options.simulation)
        table.no_block_cache = true;
    else
        table.block_cache = cache;
    family.table_factory = pinned_tables(table);
    pin_format(family, rocksdb::kLZ4Compression, rocksdb::kZSTD);
    family.paranoid_file_checks = true;
    family.write_buffer_size = options.simulation ? 1 << 20 : 32 << 20;
    if (options.simulation) {
        family.arena_block_size = 32 << 10;
        family.disable_auto_compactions = true;
    }
    return family;
}

std::vector<rocksdb::ColumnFamilyDescriptor> families_of(const RocksOptions& options) {
    const auto cache = rocksdb::NewLRUCache(64 << 20);
    const auto plain = family_options(options, cache);
    auto streams = plain;
    streams.prefix_extractor = std::make_shared<StreamPrefix>();
    streams.memtable_prefix_bloom_size_ratio = 0.1;
    auto tables = plain;
    tables.memtable_whole_key_filtering = true;
    tables.memtable_prefix_bloom_size_ratio = 0.05;
    return {{rocksdb::kDefaultColumnFamilyName, plain},
            {"events", plain},
            {"streams", streams},
            {"postings", plain},
            {"tables", tables}};
}

StoreError open_error(const rocksdb::Status& status, const RocksOptions& options) {
    const auto text = status.ToString();
    const auto folder = options.data_dir.string();
    if (auto locked = lock_error(status, folder)) return *std::move(locked);
    if (status.IsCorruption())
        return refuse(fmt::format(
            "the log in {} is damaged and is not opened, so that nothing is lost: {}; keep a copy "
            "of the folder, then restore the last verified backup",
            folder, text));
    return refuse(fmt::format("cannot open the log in {}: {}", folder, text));
}

StoreResult<std::unique_ptr<OpenedLog>> open_raw(const RocksOptions& options, Mode mode) {
    auto opened = std::make_unique<OpenedLog>();
    opened->filter = std::make_unique<WalContinuity>();
    auto settings = db_options(options, mode);
    settings.wal_filter = opened->filter.get();
    const auto path = (options.data_dir / "log").string();
    rocksdb::DB* db = nullptr;
    const auto families = families_of(options);
    const auto status =
        mode == Mode::read
            ? rocksdb::DB::OpenForReadOnly(settings, path, families, &opened->families, &db)
            : rocksdb::DB::Open(settings, path, families, &opened->families, &db);
    if (!status.ok()) return std::unexpected(open_error(status, options));
    opened->db.reset(db);
    return opened;
}

StoreResult<std::unique_ptr<OpenedLog>> open_and_check(const RocksOptions& options, Mode mode) {
    // The witness first: it must not be newer than the log that is held against it.
    rocksdb::Env& env = options.env ? *options.env : *rocksdb::Env::Default();
    const auto witness =
        Witness::read(*env.GetFileSystem(), (options.data_dir / "witness").string());
    auto opened = open_raw(options, mode);
    if (!opened) return opened;
    const auto last = check_log(**opened, witness, options.data_dir.string());
    if (!last) return std::unexpected(last.error());
    (*opened)->last = *last;
    return opened;
}

// The names and sizes of the log's files: they differ after every write.
std::string files_of(rocksdb::Env& env, const RocksOptions& options) {
    std::vector<rocksdb::Env::FileAttributes> files;
    const auto listed = env.GetChildrenFileAttributes((options.data_dir / "log").string(), &files);
    std::ranges::sort(files, {}, &rocksdb::Env::FileAttributes::name);
    auto text = listed.ToString();
    for (const auto& file : files) text += fmt::format(" {}:{}", file.name, file.size_bytes);
    return text;
}

// A writer beside this reader may replace files while they are being opened; then another look
// helps. What is wrong with files that nobody changes is damage.
StoreResult<std::unique_ptr<OpenedLog>> open_to_read(const RocksOptions& options) {
    rocksdb::Env& env = options.env ? *options.env : *rocksdb::Env::Default();
    int at_rest = 0;
    for (int look = 1;; ++look) {
        const auto before = files_of(env, options);
        auto opened = open_and_check(options, Mode::read);
        if (opened || look == looks_beside_a_writer) return opened;
        at_rest = files_of(env, options) == before ? at_rest + 1 : 0;
        if (at_rest == looks_at_rest) return opened;
        env.SleepForMicroseconds(20'000);
    }
}

StoreResult<void> check_before_writing(const RocksOptions& options) {
    rocksdb::Env& env = options.env ? *options.env : *rocksdb::Env::Default();
    const auto log = options.data_dir / "log";
    if (env.FileExists((log / "CURRENT").string()).IsNotFound())
        return std::unexpected(refuse(
            fmt::format("{} was used, but its log is missing; restore the last verified backup",
                        options.data_dir.string())));
    const auto path = (log / "LOCK").string();
    rocksdb::FileLock* lock = nullptr;
    if (const auto status = env.LockFile(path, &lock); !status.ok())
        return std::unexpected(open_error(status, options));
    const auto checked = open_and_check(options, Mode::read);
    env.UnlockFile(lock);
    if (!checked) return std::unexpected(checked.error());
    return {};
}

}  // namespace

OpenedLog::~OpenedLog() {
    if (!db) return;
    for (auto* family : families) db->DestroyColumnFamilyHandle(family);
    db->Close();
}

StoreResult<std::unique_ptr<OpenedLog>> open_log(const RocksOptions& options) {
    if (options.read_only) return open_to_read(options);
    rocksdb::Env& env = options.env ? *options.env : *rocksdb::Env::Default();
    // Compactions wait for the writer, not the writer for them.
    if (!options.simulation) env.LowerThreadPoolCPUPriority(rocksdb::Env::Priority::LOW);
    const auto folder = options.data_dir.string();
    // The witness is created last: without it, the log was never used.
    const bool fresh = env.FileExists((options.data_dir / "witness").string()).IsNotFound();
    if (!fresh)
        if (auto whole = check_before_writing(options); !whole)
            return std::unexpected(whole.error());
    auto opened = open_and_check(options, fresh ? Mode::create : Mode::write);
    if (!opened || !fresh) return opened;
    if ((*opened)->last.position > 0)
        return std::unexpected(refuse(fmt::format(
            "{} holds a log but no witness file, which tells where the log must end; restore "
            "witness from a backup of this folder",
            folder)));
    if (const auto synced = sync_folder(*env.GetFileSystem(), folder); !synced.ok())
        return std::unexpected(open_error(synced, options));
    return opened;
}

}  // namespace yeyak::eventstore
