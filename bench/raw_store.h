// RocksDB as an event log would use it, with nothing on top: a column family for events, one for
// the index by stream, one for the rows of a view. Used by every comparison program, so that the
// limits are all measured on the same settings.
//
// Keys: event = position (8 bytes, big-endian); index = 16 bytes that stand for the hash of the
// stream + version (8 bytes, big-endian), 24 bytes in all; row = name of the stream.
#pragma once

#include <rocksdb/db.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace yeyak::bench {

class RawStore {
  public:
    explicit RawStore(const std::filesystem::path& folder);
    ~RawStore();
    RawStore(const RawStore&) = delete;
    RawStore& operator=(const RawStore&) = delete;

    void put_event(rocksdb::WriteBatch& batch, std::uint64_t position, std::string_view stream,
                   std::uint64_t version, std::string_view event) const;
    void put_row(rocksdb::WriteBatch& batch, std::string_view stream, std::string_view row) const;
    // Returns when the batch is on the disk.
    void commit_synced(rocksdb::WriteBatch& batch) const;
    // For filling a folder before the clock runs.
    void commit_unsynced(rocksdb::WriteBatch& batch) const;
    // Everything in one sorted run: the best case for a scan.
    void settle() const;
    [[nodiscard]] std::unique_ptr<rocksdb::Iterator> scan() const;

  private:
    std::unique_ptr<rocksdb::DB> db_;
    std::array<rocksdb::ColumnFamilyHandle*, 4> families_{};  // default, log, index, rows
};

}  // namespace yeyak::bench
