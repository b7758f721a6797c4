// A RocksDB folder as an auditor opens it: read-only, without a lock, without a log file, never
// writing a byte, also beside a process that writes it. What is seen is how it stood when it was
// opened. Any thread may read.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/event_store.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
class Iterator;
class Status;
}  // namespace rocksdb

namespace yeyak::tools {

class RawDatabase {
  public:
    // `families` beside the default one. With `env`, the folder is one that only that knows.
    static eventstore::StoreResult<std::unique_ptr<RawDatabase>> open(
        const std::filesystem::path& folder, const std::vector<std::string>& families,
        std::shared_ptr<rocksdb::Env> env = nullptr);
    ~RawDatabase();
    RawDatabase(const RawDatabase&) = delete;
    RawDatabase& operator=(const RawDatabase&) = delete;

    // Family 0 is the default one. A long scan reads ahead and leaves the cache to others.
    std::unique_ptr<rocksdb::Iterator> iterate(std::size_t family, bool long_scan) const;
    eventstore::StoreResult<std::optional<std::string>> get(std::size_t family,
                                                            std::string_view key) const;
    std::uint64_t sequence() const;

  private:
    RawDatabase();
    std::shared_ptr<rocksdb::Env> env_;
    std::unique_ptr<rocksdb::DB> db_;
    std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

eventstore::StoreError read_error(const rocksdb::Status& status);

}  // namespace yeyak::tools
