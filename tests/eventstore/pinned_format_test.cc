// What databases write to disk, whatever the defaults of the RocksDB at hand are.
#include "eventstore/pinned_format.h"

#include <gtest/gtest.h>
#include <rocksdb/utilities/backup_engine.h>

namespace yeyak::eventstore {
namespace {

TEST(PinnedFormat, of_tables_is_the_same_whatever_was_asked_for) {
    rocksdb::BlockBasedTableOptions asked;
    asked.format_version = 4;
    asked.checksum = rocksdb::kCRC32c;
    asked.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
    asked.block_size = 32 << 10;
    const auto factory = pinned_tables(asked);
    const auto* table = factory->GetOptions<rocksdb::BlockBasedTableOptions>();
    ASSERT_NE(table, nullptr);
    EXPECT_EQ(table->format_version, 5u);
    EXPECT_EQ(table->checksum, rocksdb::kXXH3);
    EXPECT_EQ(table->data_block_index_type,
              rocksdb::BlockBasedTableOptions::kDataBlockBinarySearch);
    EXPECT_EQ(table->block_size, 32u << 10) << "no matter of format";
}

TEST(PinnedFormat, of_families_logs_and_backups_is_the_same_whatever_was_asked_for) {
    rocksdb::Options asked;
    asked.enable_blob_files = true;
    asked.level_compaction_dynamic_level_bytes = true;
    asked.wal_compression = rocksdb::kZSTD;
    asked.recycle_log_file_num = 3;
    pin_format(static_cast<rocksdb::ColumnFamilyOptions&>(asked), rocksdb::kLZ4Compression,
               rocksdb::kZSTD);
    pin_format(static_cast<rocksdb::DBOptions&>(asked));
    EXPECT_FALSE(asked.enable_blob_files);
    EXPECT_FALSE(asked.level_compaction_dynamic_level_bytes);
    EXPECT_EQ(asked.compression, rocksdb::kLZ4Compression);
    EXPECT_EQ(asked.bottommost_compression, rocksdb::kZSTD);
    EXPECT_EQ(asked.wal_compression, rocksdb::kNoCompression);
    EXPECT_EQ(asked.recycle_log_file_num, 0u);
    rocksdb::BackupEngineOptions backup{"/nowhere"};
    backup.schema_version = 2;
    pin_format(backup);
    EXPECT_EQ(backup.schema_version, 1);
}

}  // namespace
}  // namespace yeyak::eventstore
