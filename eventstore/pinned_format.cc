#include "eventstore/pinned_format.h"

#include <rocksdb/utilities/backup_engine.h>

namespace yeyak::eventstore {

std::shared_ptr<rocksdb::TableFactory> pinned_tables(rocksdb::BlockBasedTableOptions table) {
    table.format_version = 5;  // 6 is written by default from RocksDB 9 on, and not read by 7
    table.checksum = rocksdb::kXXH3;
    table.index_type = rocksdb::BlockBasedTableOptions::kBinarySearch;
    table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinarySearch;
    return std::shared_ptr<rocksdb::TableFactory>{rocksdb::NewBlockBasedTableFactory(table)};
}

void pin_format(rocksdb::ColumnFamilyOptions& family, rocksdb::CompressionType compression,
                rocksdb::CompressionType bottommost) {
    family.compression = compression;
    family.bottommost_compression = bottommost;
    family.compaction_style = rocksdb::kCompactionStyleLevel;
    family.level_compaction_dynamic_level_bytes = false;
    family.enable_blob_files = false;
}

void pin_format(rocksdb::DBOptions& database) {
    database.wal_compression = rocksdb::kNoCompression;
    database.recycle_log_file_num = 0;
    database.track_and_verify_wals_in_manifest = false;
}

void pin_format(rocksdb::BackupEngineOptions& backup) {
    backup.schema_version = 1;
    backup.share_files_with_checksum_naming = rocksdb::BackupEngineOptions::kUseDbSessionId |
                                              rocksdb::BackupEngineOptions::kFlagIncludeFileSize;
}

}  // namespace yeyak::eventstore
