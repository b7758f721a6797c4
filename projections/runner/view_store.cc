#include "projections/runner/view_store.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include "eventstore/lock_error.h"
#include "eventstore/pinned_format.h"
#include "kernel/ensure.h"
#include "projections/runner/view_store_keys.h"

namespace yeyak::projections {
namespace {

using eventstore::ByteReader;
using eventstore::put_text;
using eventstore::put_varint;
using keys::damaged;
using keys::index_prefix;
using keys::io_error;
using keys::prefix;
using keys::row_prefix;

std::string encode(const StoredRow& row) {
    std::string value;
    put_varint(value, row.seen.size());
    for (const auto version : row.seen) put_varint(value, version);
    value += row.json;
    return value;
}

std::optional<StoredRow> decode(std::string_view value) {
    ByteReader reader{value};
    StoredRow row;
    const auto sources = reader.varint();
    if (sources > value.size()) return std::nullopt;
    for (std::uint64_t i = 0; i < sources; ++i) row.seen.push_back(reader.varint());
    if (!reader.ok()) return std::nullopt;
    row.json = reader.rest();
    return row;
}

StoreResult<RowCounts> decode_counts(const Build& build, std::string_view value) {
    ByteReader reader{value};
    reader.varint();
    RowCounts counts;
    counts.active = static_cast<std::int64_t>(reader.varint());
    counts.cancelled = static_cast<std::int64_t>(reader.varint());
    if (!reader.ok()) return std::unexpected(damaged(build.view));
    return counts;
}

rocksdb::Options options_for(bool read_only, int max_open_files) {
    rocksdb::Options options;
    options.max_open_files = max_open_files;
    options.create_if_missing = !read_only;
    options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
    options.keep_log_file_num = 2;
    options.stats_dump_period_sec = 0;
    options.stats_persist_period_sec = 0;
    options.max_background_jobs = 2;
    options.write_buffer_size = 32 << 20;
    options.max_total_wal_size = 64 << 20;
    options.allow_concurrent_memtable_write = false;
    options.memtable_whole_key_filtering = true;
    options.memtable_prefix_bloom_size_ratio = 0.05;
    eventstore::pin_format(static_cast<rocksdb::DBOptions&>(options));
    eventstore::pin_format(static_cast<rocksdb::ColumnFamilyOptions&>(options),
                           rocksdb::kLZ4Compression, rocksdb::kDisableCompressionOption);
    rocksdb::BlockBasedTableOptions table;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.block_cache = rocksdb::NewLRUCache(64 << 20);
    options.table_factory = eventstore::pinned_tables(table);
    return options;
}

rocksdb::Status open_db(const std::filesystem::path& folder, const rocksdb::Options& options,
                        rocksdb::DB** db) {
    const bool read_only = !options.create_if_missing;
    return read_only ? rocksdb::DB::OpenForReadOnly(options, folder.string(), db)
                     : rocksdb::DB::Open(options, folder.string(), db);
}

}  // namespace

std::string number_key(std::int64_t number) {
    std::string key;
    eventstore::put_u64_be(key, static_cast<std::uint64_t>(number) ^ (std::uint64_t{1} << 63));
    return key;
}

StoreResult<std::unique_ptr<ViewStore>> ViewStore::open(const std::filesystem::path& folder,
                                                        bool read_only, int max_open_files) {
    rocksdb::DB* db = nullptr;
    const auto options = options_for(read_only, max_open_files);
    auto status = open_db(folder, options, &db);
    if ((status.IsCorruption() || status.IsPathNotFound()) && !read_only) {
        auto aside = folder;
        for (int n = 1; std::filesystem::exists(aside); ++n)
            aside = folder.string() + fmt::format(".damaged-{}", n);
        std::filesystem::rename(folder, aside);
        status = open_db(folder, options, &db);
    }
    if (auto locked = eventstore::lock_error(status, folder.string()); locked && !status.ok())
        return std::unexpected(*std::move(locked));
    if (!status.ok()) return std::unexpected(io_error(status));
    return std::unique_ptr<ViewStore>{new ViewStore{std::unique_ptr<rocksdb::DB>{db}}};
}

ViewStore::ViewStore(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) {}
// Whoever reads on closes it by giving it up.
ViewStore::~ViewStore() {
    if (db_.use_count() == 1) db_->Close();
}

StoreResult<void> ViewStore::copy_to(const std::filesystem::path& folder) const {
    rocksdb::Checkpoint* made = nullptr;
    auto status = rocksdb::Checkpoint::Create(db_.get(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> owned{made};
    if (status.ok()) status = owned->CreateCheckpoint(folder.string());
    if (!status.ok()) return std::unexpected(io_error(status));
    return {};
}

StoreResult<void> ViewStore::begin_bulk() {
    const auto status = db_->SetOptions({{"disable_auto_compactions", "true"},
                                         {"write_buffer_size", "67108864"},
                                         {"level0_slowdown_writes_trigger", "1000000"},
                                         {"level0_stop_writes_trigger", "1000000"}});
    if (!status.ok()) return std::unexpected(io_error(status));
    return {};
}

StoreResult<void> ViewStore::end_bulk() {
    if (auto flushed = flush(); !flushed) return flushed;
    const auto status = db_->SetOptions({{"disable_auto_compactions", "false"},
                                         {"write_buffer_size", "33554432"},
                                         {"level0_slowdown_writes_trigger", "20"},
                                         {"level0_stop_writes_trigger", "36"}});
    if (!status.ok()) return std::unexpected(io_error(status));
    return {};
}

StoreResult<void> ViewStore::flush() {
    if (const auto status = db_->Flush({}); !status.ok()) return std::unexpected(io_error(status));
    return {};
}

StoreResult<Position> ViewStore::checkpoint(const Build& build) const {
    std::string value;
    const auto status = db_->Get({}, prefix('c', build), &value);
    if (status.IsNotFound()) return 0;
    if (!status.ok()) return std::unexpected(io_error(status));
    return ByteReader{value}.varint();
}

StoreResult<RowCounts> ViewStore::counts(const Build& build) const {
    std::string value;
    const auto status = db_->Get({}, prefix('c', build), &value);
    if (status.IsNotFound()) return RowCounts{};
    if (!status.ok()) return std::unexpected(io_error(status));
    return decode_counts(build, value);
}

StoreResult<std::optional<ViewStore::Found>> ViewStore::find(const Build& build,
                                                             std::string_view key) const {
    rocksdb::PinnableSlice value;
    for (const auto list : {List::active, List::cancelled}) {
        const auto full = row_prefix(build, list).append(key);
        const auto status = db_->Get({}, db_->DefaultColumnFamily(), full, &value);
        if (status.IsNotFound()) continue;
        if (!status.ok()) return std::unexpected(io_error(status));
        auto row = decode(value.ToStringView());
        if (!row) return std::unexpected(damaged(build.view));
        return Found{list, *std::move(row)};
    }
    return std::nullopt;
}

StoreResult<std::optional<StoredRow>> ViewStore::row(const Build& build,
                                                     std::string_view key) const {
    auto found = find(build, key);
    if (!found) return std::unexpected(std::move(found).error());
    if (!*found) return std::nullopt;
    return std::move((*found)->row);
}

StoreResult<void> ViewStore::scan(const Build& build, List list, bool descending,
                                  const Visit& visit) const {
    const auto begin = row_prefix(build, list);
    const std::unique_ptr<rocksdb::Iterator> at{db_->NewIterator({})};
    if (descending)
        at->SeekForPrev(row_prefix(build, static_cast<List>(static_cast<char>(list) + 1)));
    else
        at->Seek(begin);
    for (; at->Valid() && at->key().starts_with(begin); descending ? at->Prev() : at->Next()) {
        auto row = decode(at->value().ToStringView());
        if (!row) return std::unexpected(damaged(build.view));
        if (!visit(at->key().ToStringView().substr(begin.size()), *std::move(row))) return {};
    }
    if (!at->status().ok()) return std::unexpected(io_error(at->status()));
    return {};
}

StoreResult<void> ViewStore::scan_index(const Build& build, std::string_view index,
                                        std::string_view value, bool descending,
                                        const VisitKey& visit) const {
    const auto begin = index_prefix(build, index, value);
    const std::unique_ptr<rocksdb::Iterator> at{db_->NewIterator({})};
    if (descending)
        at->SeekForPrev(begin + std::string(64, '\xff'));
    else
        at->Seek(begin);
    for (; at->Valid() && at->key().starts_with(begin); descending ? at->Prev() : at->Next())
        if (!visit(at->key().ToStringView().substr(begin.size()))) return {};
    if (!at->status().ok()) return std::unexpected(io_error(at->status()));
    return {};
}

StoreResult<void> ViewStore::scan_parked(const Build& build, std::string_view stream,
                                         const VisitParked& visit) const {
    const auto all = prefix('p', build);
    const auto begin = stream.empty() ? all : keys::parked_prefix(build, stream);
    const std::unique_ptr<rocksdb::Iterator> at{db_->NewIterator({})};
    for (at->Seek(begin); at->Valid() && at->key().starts_with(begin); at->Next()) {
        auto key = at->key().ToStringView().substr(all.size());
        const auto end = key.find('\0');
        if (end == key.npos) return std::unexpected(damaged(build.view));
        ByteReader position{key.substr(end + 1)};
        ByteReader value{at->value().ToStringView()};
        ParkedEvent event{std::string{key.substr(0, end)}, position.u64_be(), "", ""};
        event.type = value.text();
        event.reason = value.text();
        if (!position.ok() || !value.ok()) return std::unexpected(damaged(build.view));
        if (!visit(event)) return {};
    }
    if (!at->status().ok()) return std::unexpected(io_error(at->status()));
    return {};
}

ViewStore::Frozen::Frozen(Build build, std::unique_ptr<rocksdb::Iterator> at)
    : build_(std::move(build)), at_(std::move(at)) {}
ViewStore::Frozen::Frozen(Frozen&&) noexcept = default;
ViewStore::Frozen& ViewStore::Frozen::operator=(Frozen&&) noexcept = default;
ViewStore::Frozen::~Frozen() = default;

ViewStore::Frozen ViewStore::freeze(const Build& build) const {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    options.readahead_size = 2 << 20;
    return {build, std::unique_ptr<rocksdb::Iterator>{db_->NewIterator(options)}};
}

StoreResult<Position> ViewStore::Frozen::checkpoint() const {
    const auto key = prefix('c', build_);
    at_->Seek(key);
    if (at_->Valid() && at_->key() == key) return ByteReader{at_->value().ToStringView()}.varint();
    if (!at_->status().ok()) return std::unexpected(io_error(at_->status()));
    return 0;
}

StoreResult<RowCounts> ViewStore::Frozen::counts() const {
    const auto key = prefix('c', build_);
    at_->Seek(key);
    if (at_->Valid() && at_->key() == key)
        return decode_counts(build_, at_->value().ToStringView());
    if (!at_->status().ok()) return std::unexpected(io_error(at_->status()));
    return RowCounts{};
}

StoreResult<void> ViewStore::Frozen::rows(const VisitStored& visit) const {
    for (const auto list : {List::active, List::cancelled}) {
        const auto begin = row_prefix(build_, list);
        for (at_->Seek(begin); at_->Valid() && at_->key().starts_with(begin); at_->Next())
            if (!visit(list, at_->key().ToStringView().substr(begin.size()),
                       at_->value().ToStringView()))
                return {};
        if (!at_->status().ok()) return std::unexpected(io_error(at_->status()));
    }
    return {};
}

ViewStore::Changes::Changes(Build build)
    : build_(std::move(build)), batch_(std::make_unique<rocksdb::WriteBatch>()) {}
ViewStore::Changes::Changes(Changes&&) noexcept = default;
ViewStore::Changes& ViewStore::Changes::operator=(Changes&&) noexcept = default;
ViewStore::Changes::~Changes() = default;

void ViewStore::Changes::put(List list, std::string_view key, const StoredRow& row) {
    batch_->Put(row_prefix(build_, list).append(key), encode(row));
}

void ViewStore::Changes::remove(List list, std::string_view key) {
    batch_->Delete(row_prefix(build_, list).append(key));
}

void ViewStore::Changes::put_index(std::string_view index, std::string_view value,
                                   std::string_view key) {
    batch_->Put(index_prefix(build_, index, value).append(key), "");
}

void ViewStore::Changes::remove_index(std::string_view index, std::string_view value,
                                      std::string_view key) {
    batch_->Delete(index_prefix(build_, index, value).append(key));
}

void ViewStore::Changes::park(const ParkedEvent& event) {
    std::string value;
    put_text(value, event.type);
    put_text(value, event.reason);
    batch_->Put(keys::parked_key(build_, event.stream, event.position), value);
}

void ViewStore::Changes::unpark(std::string_view stream, Position position) {
    batch_->Delete(keys::parked_key(build_, stream, position));
}

namespace {

// Takes the changes of one batch over into another.
struct Taking final : rocksdb::WriteBatch::Handler {
    explicit Taking(rocksdb::WriteBatch& batch) : into(batch) {}
    rocksdb::Status PutCF(std::uint32_t, const rocksdb::Slice& key,
                          const rocksdb::Slice& value) override {
        return into.Put(key, value);
    }
    rocksdb::Status DeleteCF(std::uint32_t, const rocksdb::Slice& key) override {
        return into.Delete(key);
    }
    rocksdb::WriteBatch& into;
};

}  // namespace

void ViewStore::Changes::take(const Changes& other) {
    Taking taking{*batch_};
    ensure(other.batch_->Iterate(&taking).ok(), "a batch that was just made can be read");
}

StoreResult<void> ViewStore::write(Changes& changes, Position checkpoint, const RowCounts& counts,
                                   const Writing& writing) {
    if (writing.after) {
        const auto stored = this->checkpoint(changes.build_);
        if (!stored) return std::unexpected(stored.error());
        if (*stored != *writing.after)
            return std::unexpected(
                StoreError{StoreError::Kind::corrupt,
                           fmt::format("view {}: its build stands at event {}, not at {}: somebody "
                                       "else writes it, too",
                                       changes.build_.view, *stored, *writing.after)});
    }
    std::string value;
    put_varint(value, checkpoint);
    put_varint(value, static_cast<std::uint64_t>(counts.active));
    put_varint(value, static_cast<std::uint64_t>(counts.cancelled));
    changes.batch_->Put(prefix('c', changes.build_), value);
    rocksdb::WriteOptions options;
    options.disableWAL = !writing.logged;
    const auto status = db_->Write(options, changes.batch_.get());
    if (!status.ok()) return std::unexpected(io_error(status));
    return {};
}

}  // namespace yeyak::projections
