#include "replay-tools/reading/raw_database.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/table.h>

#include <chrono>
#include <thread>

#include "eventstore/pinned_format.h"

namespace yeyak::tools {
namespace {

using eventstore::StoreError;
using eventstore::StoreResult;

constexpr int open_attempts = 4;

// RocksDB's own LOG would be written by readers, too.
class NoLogger final : public rocksdb::Logger {
  public:
    NoLogger() : Logger(rocksdb::InfoLogLevel::FATAL_LEVEL) {}
    using Logger::Logv;
    void Logv(const char*, va_list) override {}
};

rocksdb::DBOptions db_options(rocksdb::Env* env) {
    rocksdb::DBOptions options;
    if (env) options.env = env;
    options.info_log = std::make_shared<NoLogger>();
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    options.paranoid_checks = true;
    options.stats_dump_period_sec = 0;
    options.stats_persist_period_sec = 0;
    return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> descriptors(const std::vector<std::string>& names) {
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = rocksdb::NewLRUCache(32 << 20);
    rocksdb::ColumnFamilyOptions family;
    family.table_factory = eventstore::pinned_tables(table);
    std::vector<rocksdb::ColumnFamilyDescriptor> all{{rocksdb::kDefaultColumnFamilyName, family}};
    for (const auto& name : names) all.emplace_back(name, family);
    return all;
}

}  // namespace

StoreError read_error(const rocksdb::Status& status) {
    return {status.IsCorruption() ? StoreError::Kind::corrupt : StoreError::Kind::io,
            status.ToString()};
}

StoreResult<std::unique_ptr<RawDatabase>> RawDatabase::open(
    const std::filesystem::path& folder, const std::vector<std::string>& families,
    std::shared_ptr<rocksdb::Env> env) {
    std::unique_ptr<RawDatabase> opened{new RawDatabase};
    opened->env_ = std::move(env);
    for (int attempt = 1;; ++attempt) {
        rocksdb::DB* db = nullptr;
        const auto status =
            rocksdb::DB::OpenForReadOnly(db_options(opened->env_.get()), folder.string(),
                                         descriptors(families), &opened->families_, &db);
        if (status.ok()) {
            opened->db_.reset(db);
            return opened;
        }
        // A writer beside this reader may replace files while they are being opened.
        if (attempt == open_attempts)
            return std::unexpected(
                StoreError{read_error(status).kind,
                           fmt::format("cannot read {}: {}", folder.string(), status.ToString())});
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

RawDatabase::RawDatabase() = default;

RawDatabase::~RawDatabase() {
    if (!db_) return;
    for (auto* family : families_) db_->DestroyColumnFamilyHandle(family);
    db_->Close();
}

std::uint64_t RawDatabase::sequence() const { return db_->GetLatestSequenceNumber(); }

std::unique_ptr<rocksdb::Iterator> RawDatabase::iterate(std::size_t family, bool long_scan) const {
    rocksdb::ReadOptions options;
    options.total_order_seek = true;
    if (long_scan) {
        options.readahead_size = 4 << 20;
        options.fill_cache = false;
    }
    return std::unique_ptr<rocksdb::Iterator>{db_->NewIterator(options, families_[family])};
}

StoreResult<std::optional<std::string>> RawDatabase::get(std::size_t family,
                                                         std::string_view key) const {
    std::string value;
    const auto status =
        db_->Get({}, families_[family], rocksdb::Slice{key.data(), key.size()}, &value);
    if (status.IsNotFound()) return std::nullopt;
    if (!status.ok()) return std::unexpected(read_error(status));
    return value;
}

}  // namespace yeyak::tools
