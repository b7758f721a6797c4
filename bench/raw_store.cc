#include "bench/raw_store.h"

#include <rocksdb/options.h>

#include <bit>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

namespace yeyak::bench {
namespace {

enum Family : std::uint8_t { log = 1, index = 2, rows = 3 };

constexpr std::size_t scan_readahead_bytes = 4U << 20U;
constexpr std::size_t memtable_bytes = 64U << 20U;

void check(const rocksdb::Status& status) {
    if (!status.ok()) throw std::runtime_error(status.ToString());
}

void write_big_endian(char* to, std::uint64_t value) {
    const std::uint64_t bytes = std::byteswap(value);
    std::memcpy(to, &bytes, sizeof bytes);
}

// Spreads neighbouring streams over the whole key space, as a hash of their names does.
std::uint64_t scatter(std::uint64_t value) {
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31U);
}

using IndexKey = std::array<char, 24>;

IndexKey index_key(std::string_view stream, std::uint64_t version) {
    const std::uint64_t hash = std::hash<std::string_view>{}(stream);
    IndexKey key{};
    write_big_endian(key.data(), scatter(hash));
    write_big_endian(key.data() + 8, scatter(hash + 1));
    write_big_endian(key.data() + 16, version);
    return key;
}

}  // namespace

RawStore::RawStore(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    rocksdb::Options options;
    options.create_if_missing = true;
    options.create_missing_column_families = true;
    options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
    options.write_buffer_size = memtable_bytes;
    options.compression = rocksdb::kLZ4Compression;
    std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
    for (const char* name : {"default", "log", "index", "rows"}) {
        descriptors.emplace_back(name, options);
    }
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    check(rocksdb::DB::Open(options, folder.string(), descriptors, &handles, &db));
    db_.reset(db);
    for (std::size_t i = 0; i < families_.size(); ++i) families_[i] = handles[i];
}

RawStore::~RawStore() {
    for (auto* family : families_) db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
    db_->Close().PermitUncheckedError();
}

void RawStore::put_event(rocksdb::WriteBatch& batch, std::uint64_t position,
                         std::string_view stream, std::uint64_t version,
                         std::string_view event) const {
    std::array<char, 8> position_bytes{};
    write_big_endian(position_bytes.data(), position);
    const rocksdb::Slice position_slice(position_bytes.data(), position_bytes.size());
    const IndexKey key = index_key(stream, version);
    check(batch.Put(families_[log], position_slice, rocksdb::Slice(event.data(), event.size())));
    check(batch.Put(families_[index], rocksdb::Slice(key.data(), key.size()), position_slice));
}

void RawStore::put_row(rocksdb::WriteBatch& batch, std::string_view stream,
                       std::string_view row) const {
    check(batch.Put(families_[rows], rocksdb::Slice(stream.data(), stream.size()),
                    rocksdb::Slice(row.data(), row.size())));
}

void RawStore::commit_synced(rocksdb::WriteBatch& batch) const {
    rocksdb::WriteOptions options;
    options.sync = true;
    check(db_->Write(options, &batch));
}

void RawStore::commit_unsynced(rocksdb::WriteBatch& batch) const {
    check(db_->Write(rocksdb::WriteOptions{}, &batch));
}

void RawStore::settle() const {
    for (auto* family : families_) {
        check(db_->Flush(rocksdb::FlushOptions{}, family));
        check(db_->CompactRange(rocksdb::CompactRangeOptions{}, family, nullptr, nullptr));
    }
}

std::unique_ptr<rocksdb::Iterator> RawStore::scan() const {
    rocksdb::ReadOptions options;
    options.readahead_size = scan_readahead_bytes;
    options.fill_cache = false;
    return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, families_[log]));
}

}  // namespace yeyak::bench
