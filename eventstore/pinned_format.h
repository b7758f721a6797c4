// What RocksDB writes to disk, the same for every family of every database of a data folder and for
// every version of RocksDB: a newer one has other defaults, and what it writes with them an older
// one reports as damage. So a folder and its backups can go to an older system and back.
//
// Whoever opens a database for writing pins it here (tests/tidy/run).
#pragma once
#include <rocksdb/options.h>
#include <rocksdb/table.h>

#include <memory>

namespace rocksdb {
struct BackupEngineOptions;
}

namespace yeyak::eventstore {

// `table` with what concerns bytes on disk replaced; caches, filters and block sizes stay.
std::shared_ptr<rocksdb::TableFactory> pinned_tables(rocksdb::BlockBasedTableOptions table);

void pin_format(rocksdb::ColumnFamilyOptions& family, rocksdb::CompressionType compression,
                rocksdb::CompressionType bottommost);
void pin_format(rocksdb::DBOptions& database);
void pin_format(rocksdb::BackupEngineOptions& backup);

}  // namespace yeyak::eventstore
