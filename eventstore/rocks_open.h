// How the log's RocksDB is set up, opened and checked; used by rocks_store.cc alone.
#pragma once
#include <rocksdb/db.h>
#include <rocksdb/wal_filter.h>

#include <memory>
#include <string>
#include <vector>

#include "eventstore/rocks_store.h"

namespace yeyak::eventstore {

// An open database with all that must outlive it. Closes itself.
struct OpenedLog {
    OpenedLog() = default;
    OpenedLog(const OpenedLog&) = delete;
    OpenedLog& operator=(const OpenedLog&) = delete;
    ~OpenedLog();

    rocksdb::ColumnFamilyHandle* events() const { return families[1]; }
    rocksdb::ColumnFamilyHandle* streams() const { return families[2]; }
    rocksdb::ColumnFamilyHandle* postings() const { return families[3]; }
    rocksdb::ColumnFamilyHandle* tables() const { return families[4]; }

    std::unique_ptr<rocksdb::WalFilter> filter;
    std::unique_ptr<rocksdb::DB> db;
    std::vector<rocksdb::ColumnFamilyHandle*>
        families;      // default, events, streams, postings, tables
    WitnessMark last;  // of the log itself when it was opened
};

// Opens the log of a prepared folder. A log that exists is first opened read-only and checked, so
// that a folder which is refused stays as it was found. Never writes when read_only.
StoreResult<std::unique_ptr<OpenedLog>> open_log(const RocksOptions& options);

}  // namespace yeyak::eventstore
