#include "eventstore/rocks_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "eventstore/bytes.h"
#include "eventstore/data_folder.h"
#include "eventstore/postings.h"
#include "eventstore/rocks_error.h"
#include "eventstore/rocks_open.h"
#include "eventstore/times.h"

namespace yeyak::eventstore {
std::string event_key(Position position) {
    std::string key;
    put_u64_be(key, position);
    return key;
}

std::string stream_key(std::string_view stream, Version version) {
    std::string key{stream};
    key += '\0';
    put_u64_be(key, version);
    return key;
}

std::string table_key(Table table, std::string_view key) {
    std::string full(1, static_cast<char>(table));
    full += key;
    return full;
}

RocksStore::RocksStore(RocksOptions options, std::unique_ptr<OpenedLog> log)
    : StagingStore(log->last.position),
      options_(std::move(options)),
      log_(std::move(log)),
      db_(log_->db.get()),
      handles_{db_, log_->events(), log_->streams(), log_->postings(), log_->tables()},
      last_(log_->last) {}

RocksStore::~RocksStore() = default;

StoreResult<std::unique_ptr<RocksStore>> RocksStore::open(const RocksOptions& options) {
    if (auto ready = prepare_folder(options); !ready)
        return std::unexpected(std::move(ready).error());
    auto log = open_log(options);
    if (!log) return std::unexpected(std::move(log).error());
    std::unique_ptr<RocksStore> store{new RocksStore{options, *std::move(log)}};
    if (options.read_only) {
        store->fail({StoreError::Kind::io, "the folder was opened to be read"});
        return store;
    }
    const auto files = store->db_->GetEnv()->GetFileSystem();
    auto witness = Witness::open(files, (options.data_dir / "witness").string(), options.witness);
    if (!witness) return std::unexpected(std::move(witness).error());
    store->witness_ = *std::move(witness);
    // A crash may have left the witness behind: it is exact again before anything else happens.
    if (store->last_.sequence > 0)
        if (auto caught_up = store->witness_->record(store->last_); !caught_up)
            return std::unexpected(std::move(caught_up).error());
    const auto mended = mend_times(*store);
    if (!mended) return std::unexpected(mended.error());
    store->mended_runs_ = *mended;
    return store;
}

StoreResult<void> RocksStore::writable() {
    if (auto usable = StagingStore::writable(); !usable) return usable;
    if (options_.headroom_bytes == 0) return {};
    auto& env = *db_->GetEnv();
    std::uint64_t free = 0;
    // A file system that cannot tell its free space does not stop the writer.
    if (!env.GetFreeSpace(options_.data_dir.string(), &free).ok()) return {};
    if (free >= options_.headroom_bytes) return {};
    return std::unexpected(
        StoreError{StoreError::Kind::no_space,
                   fmt::format("{} MiB are free where the data is, writes need {} MiB", free >> 20,
                               options_.headroom_bytes >> 20)});
}

StoreResult<void> RocksStore::persist(const Batch& batch) {
    rocksdb::WriteBatch writes;
    // The keys of each family in order: an insert then begins where the one before it ended.
    std::vector<std::pair<std::string, Position>> streams;
    streams.reserve(batch.events.size());
    for (const auto& [event, record] : batch.events) {
        writes.Put(handles_.events, event_key(event->position), record);
        streams.emplace_back(stream_key(event->stream, event->version), event->position);
    }
    std::ranges::sort(streams);
    for (const auto& [key, position] : streams) {
        std::string value;
        put_varint(value, position);
        writes.Put(handles_.streams, key, value);
    }
    for (const auto& [key, block] : posting_blocks(batch))
        writes.Put(handles_.postings, key, block);
    for (const auto& [key, value] : batch.tables) {
        const auto full = table_key(key.first, key.second);
        if (value)
            writes.Put(handles_.tables, full, *value);
        else
            writes.Delete(handles_.tables, full);
    }
    rocksdb::WriteOptions options;
    options.sync = true;
    options.protection_bytes_per_key = 8;
    if (const auto status = db_->Write(options, &writes); !status.ok())
        return std::unexpected(rocks_error(status));
    last_.sequence = db_->GetLatestSequenceNumber();
    if (!batch.events.empty()) {
        last_.position = batch.events.back().event->position;
        last_.leaf = batch.events.back().event->leaf;
    }
    return witness_->record(last_);
}

StoreResult<Version> RocksStore::stored_head(std::string_view stream) const {
    rocksdb::ReadOptions options;
    options.prefix_same_as_start = true;
    const std::unique_ptr<rocksdb::Iterator> at{db_->NewIterator(options, handles_.streams)};
    const auto last = stream_key(stream, ~Version{0});
    at->SeekForPrev(last);
    if (!at->status().ok()) return std::unexpected(rocks_error(at->status()));
    if (!at->Valid()) return 0;
    const auto key = at->key().ToStringView();
    const auto name = key.substr(0, key.size() - 8);
    if (name != std::string_view{last}.substr(0, last.size() - 8)) return 0;
    return ByteReader{key.substr(key.size() - 8)}.u64_be();
}

StoreResult<std::optional<std::string>> RocksStore::value(Table table, std::string_view key) const {
    std::string found;
    const auto status = db_->Get({}, handles_.tables, table_key(table, key), &found);
    if (status.IsNotFound()) return std::nullopt;
    if (!status.ok()) return std::unexpected(rocks_error(status));
    return found;
}

StoreResult<std::vector<TableEntry>> RocksStore::entries(Table table, std::string_view prefix,
                                                         std::string_view after,
                                                         std::size_t max) const {
    const std::unique_ptr<rocksdb::Iterator> at{db_->NewIterator({}, handles_.tables)};
    const auto full_prefix = table_key(table, prefix);
    std::vector<TableEntry> found;
    for (at->Seek(table_key(table, std::max(prefix, after)));
         at->Valid() && at->key().starts_with(full_prefix) && found.size() < max; at->Next()) {
        const auto key = at->key().ToStringView().substr(1);
        if (!after.empty() && key <= after) continue;
        found.push_back({std::string{key}, at->value().ToString()});
    }
    if (!at->status().ok()) return std::unexpected(rocks_error(at->status()));
    return found;
}

RocksHandles RocksStore::handles() const { return handles_; }

StoreResult<void> RocksStore::flush_memory() {
    const auto status =
        db_->Flush({}, {handles_.events, handles_.streams, handles_.postings, handles_.tables});
    if (!status.ok()) return std::unexpected(rocks_error(status));
    return {};
}

}  // namespace yeyak::eventstore
