// The durable event store: RocksDB in the folder `log` of a data folder, with FORMAT and `witness`
// beside it. FORMAT.md describes every byte. One process at a time may open a folder for writing;
// any number may open it read-only, also beside a writer, and see it as it was when they opened it.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "eventstore/staging.h"
#include "eventstore/witness.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
}  // namespace rocksdb

namespace yeyak::eventstore {

struct OpenedLog;

struct RocksOptions {
    std::filesystem::path data_dir;
    bool read_only = false;
    // Below this much free space writes are refused and reads go on.
    std::uint64_t headroom_bytes = 256ull << 20;
    WitnessMode witness = WitnessMode::background;
    int max_open_files = -1;      // -1: as many as there are tables
    rocksdb::Env* env = nullptr;  // not owned; null: the real one
    // A data folder that is used by one thread at a time, on a simulated disk: no background work.
    bool simulation = false;
};

// What RocksDB holds, for the auditor, who checks every index against the log.
struct RocksHandles {
    rocksdb::DB* db;
    rocksdb::ColumnFamilyHandle* events;
    rocksdb::ColumnFamilyHandle* streams;
    rocksdb::ColumnFamilyHandle* postings;
    rocksdb::ColumnFamilyHandle* tables;
};

class RocksStore final : public StagingStore {
  public:
    // Opens or creates. Refused, with what to do, when the folder has another format, is in use, is
    // damaged, or ends before its witness.
    static StoreResult<std::unique_ptr<RocksStore>> open(const RocksOptions& options);
    ~RocksStore() override;

    StoreResult<void> writable() override;
    StoreResult<Page> read_stream(const StreamQuery& query) const override;
    StoreResult<Page> read_all(const AllQuery& query) const override;
    StoreResult<std::optional<std::string>> value(Table table, std::string_view key) const override;
    StoreResult<std::vector<TableEntry>> entries(Table table, std::string_view prefix,
                                                 std::string_view after,
                                                 std::size_t max) const override;

    // Runs of times that an older program had left out, and that were added when this was opened.
    std::size_t mended_runs() const { return mended_runs_; }
    RocksHandles handles() const;
    // Writes memory to table files, so that the next start has nothing to replay.
    StoreResult<void> flush_memory();

  protected:
    StoreResult<void> persist(const Batch& batch) override;
    StoreResult<Version> stored_head(std::string_view stream) const override;

  private:
    RocksStore(RocksOptions options, std::unique_ptr<OpenedLog> log);
    StoreResult<EventPtr> load(Position position) const;
    StoreResult<Page> read_scan(const AllQuery& query) const;
    StoreResult<Page> read_postings(const AllQuery& query) const;

    RocksOptions options_;
    std::unique_ptr<OpenedLog> log_;
    rocksdb::DB* db_;
    RocksHandles handles_;
    WitnessMark last_;
    std::unique_ptr<Witness> witness_;  // none when read-only
    std::size_t mended_runs_ = 0;
};

// The names of keys in the column families; FORMAT.md.
std::string event_key(Position position);
std::string stream_key(std::string_view stream, Version version);
std::string table_key(Table table, std::string_view key);

}  // namespace yeyak::eventstore
