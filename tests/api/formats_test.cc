// Every family of every database of a data folder: which formats its options and its files have.
#include <gtest/gtest.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/options_util.h>

#include <fstream>
#include <set>

#include "eventstore/rocks_store.h"
#include "privacy/key_store.h"
#include "projections/runner/view_store.h"
#include "tests/api/temp_folder.h"

namespace yeyak::server {
namespace {

namespace fs = std::filesystem;

// Writes something into each database, so that there are table files of each.
void fill(const fs::path& data) {
    eventstore::RocksOptions options;
    options.data_dir = data;
    options.headroom_bytes = 0;
    const auto log = eventstore::RocksStore::open(options).value();
    eventstore::Commit commit;
    eventstore::NewEvent event;
    event.type = "noted";
    event.payload = "{}";
    commit.appends.push_back({"notes-1", {}, {std::move(event)}});
    commit.writes.push_back({eventstore::Table::setting, "a", "b"});
    ASSERT_TRUE(log->stage(std::move(commit)));
    ASSERT_TRUE(log->flush());
    ASSERT_TRUE(log->flush_memory());
    const auto views = projections::ViewStore::open(data / "views", false).value();
    ASSERT_TRUE(views->flush());
    const auto keys = privacy::KeyStore::open(data / "keys", true).value();
    ASSERT_TRUE(keys->compact());
}

// The version stands before the magic number that ends every table file.
std::uint32_t format_of(const fs::path& table) {
    std::ifstream in{table, std::ios::binary | std::ios::ate};
    in.seekg(in.tellg() - std::streamoff{12});
    unsigned char bytes[4] = {};
    in.read(reinterpret_cast<char*>(bytes), sizeof bytes);
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
}

TEST(Formats, are_pinned_in_every_family_of_every_database) {
    const api::TempFolder folder;
    const auto data = folder.path() / "data";
    ASSERT_NO_FATAL_FAILURE(fill(data));
    std::set<std::string> seen;
    for (const char* database : {"log", "views", "keys"}) {
        rocksdb::DBOptions options;
        std::vector<rocksdb::ColumnFamilyDescriptor> families;
        const auto loaded =
            rocksdb::LoadLatestOptions({}, (data / database).string(), &options, &families);
        ASSERT_TRUE(loaded.ok()) << loaded.ToString();
        EXPECT_EQ(options.wal_compression, rocksdb::kNoCompression) << database;
        for (const auto& [name, family] : families) {
            seen.insert(std::string{database} + "/" + name);
            const auto* table = family.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
            ASSERT_NE(table, nullptr) << name;
            EXPECT_EQ(table->format_version, 5u) << database << " " << name;
            EXPECT_EQ(table->checksum, rocksdb::kXXH3) << database << " " << name;
            EXPECT_FALSE(family.enable_blob_files) << database << " " << name;
            EXPECT_FALSE(family.level_compaction_dynamic_level_bytes) << database << " " << name;
        }
    }
    EXPECT_EQ(seen,
              (std::set<std::string>{"log/default", "log/events", "log/streams", "log/postings",
                                     "log/tables", "views/default", "keys/default"}));
}

TEST(Formats, of_table_files_are_what_an_older_system_reads) {
    const api::TempFolder folder;
    const auto data = folder.path() / "data";
    ASSERT_NO_FATAL_FAILURE(fill(data));
    std::size_t tables = 0;
    for (const auto& entry : fs::recursive_directory_iterator{data}) {
        if (entry.path().extension() != ".sst") continue;
        ++tables;
        EXPECT_EQ(format_of(entry.path()), 5u) << entry.path();
    }
    EXPECT_GE(tables, 5u);
}

}  // namespace
}  // namespace yeyak::server
