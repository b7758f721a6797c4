// Damages a data folder behind the platform's back: RocksDB opened for writing, key by key.
#pragma once
#include <rocksdb/db.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "eventstore/event.h"
#include "eventstore/event_store.h"

namespace yeyak::tools::testing {

class RawWriter {
  public:
    enum Family : std::size_t { events = 1, streams, postings, tables };

    static RawWriter log(const std::filesystem::path& data) {
        return RawWriter{data / "log", {"events", "streams", "postings", "tables"}};
    }
    static RawWriter views(const std::filesystem::path& data) {
        return RawWriter{data / "views", {}};
    }
    RawWriter(RawWriter&&) = default;
    ~RawWriter();

    std::string get(std::size_t family, const std::string& key) const;
    void put(std::size_t family, const std::string& key, const std::string& value);
    void remove(std::size_t family, const std::string& key);
    // Keys that begin with `prefix`, in order.
    std::vector<std::string> keys(std::size_t family, const std::string& prefix) const;

  private:
    RawWriter(const std::filesystem::path& folder, const std::vector<std::string>& families);
    std::unique_ptr<rocksdb::DB> db_;
    std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

// Appends one event as a writer without rules would.
void append(const std::filesystem::path& data, const std::string& stream, std::string_view type,
            const std::string& payload, Instant time = {1'800'000'000'000});

}  // namespace yeyak::tools::testing
