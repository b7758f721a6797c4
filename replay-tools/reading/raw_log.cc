#include "replay-tools/reading/raw_log.h"

#include <fmt/format.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/iterator.h>

#include <algorithm>
#include <memory>

#include "eventstore/bytes.h"
#include "eventstore/in_parallel.h"
#include "eventstore/record.h"
#include "eventstore/rocks_store.h"

namespace yeyak::tools {
namespace {

using eventstore::ByteReader;

constexpr std::size_t page_records = 8192;
constexpr std::size_t page_bytes = 8 << 20;
constexpr std::size_t slice_records = 512;

LogRecord decode(std::string_view key, std::string_view value, bool check_leaf) {
    LogRecord record;
    if (key.size() != 8) {
        record.error = "the key is not a position";
        return record;
    }
    record.position = ByteReader{key}.u64_be();
    auto event = eventstore::decode_record(record.position, value);
    if (event)
        record.event = std::make_shared<const eventstore::RecordedEvent>(*std::move(event));
    else
        record.error = std::move(event).error();
    if (check_leaf) record.leaf_matches = eventstore::leaf_matches(record.position, value);
    return record;
}

// Entries of the family as they are stored, side by side.
struct RawPage {
    struct Place {
        std::size_t key = 0;
        std::size_t value = 0;
        std::size_t end = 0;
    };
    std::string bytes;
    std::vector<Place> places;

    void add(std::string_view key, std::string_view value) {
        const auto begin = bytes.size();
        bytes += key;
        bytes += value;
        places.push_back({begin, begin + key.size(), bytes.size()});
    }
    LogRecord record(std::size_t index, bool check_leaf) const {
        const auto& at = places[index];
        const std::string_view all{bytes};
        return decode(all.substr(at.key, at.value - at.key),
                      all.substr(at.value, at.end - at.value), check_leaf);
    }
};

// Hashing and decoding are most of the work of reading, and no record needs another.
std::vector<LogRecord> decode_all(const RawPage& raw, bool check_leaves) {
    std::vector<LogRecord> records(raw.places.size());
    eventstore::in_parallel(
        (records.size() + slice_records - 1) / slice_records, [&](std::size_t slice) {
            const auto end = std::min(records.size(), (slice + 1) * slice_records);
            for (auto i = slice * slice_records; i < end; ++i)
                records[i] = raw.record(i, check_leaves);
        });
    return records;
}

}  // namespace

StoreResult<std::unique_ptr<RawLog>> RawLog::open(const std::filesystem::path& data) {
    std::unique_ptr<RawLog> log{new RawLog};
    if (!std::filesystem::exists(data / "log" / "CURRENT"))
        return std::unexpected(StoreError{StoreError::Kind::refused_open,
                                          data.string() + " holds no Yeyak data (no log)"});
    auto& files = *rocksdb::Env::Default()->GetFileSystem();
    const auto witness = (data / "witness").string();
    // In this order, because a writer may write the first mark in between.
    log->witness_is_blank_ = eventstore::Witness::is_blank(files, witness);
    log->witness_ = eventstore::Witness::read(files, witness);
    auto db = RawDatabase::open(data / "log", {"events", "streams", "postings", "tables"});
    if (!db) return std::unexpected(std::move(db).error());
    log->db_ = *std::move(db);
    const auto last = log->iterate(Family::events, false);
    last->SeekToLast();
    if (!last->status().ok()) return std::unexpected(read_error(last->status()));
    if (last->Valid()) log->head_ = ByteReader{last->key().ToStringView()}.u64_be();
    return log;
}

std::unique_ptr<rocksdb::Iterator> RawLog::iterate(Family family, bool long_scan) const {
    return db_->iterate(static_cast<std::size_t>(family), long_scan);
}

std::function<std::optional<LogPage>()> RawLog::pages(bool check_leaves) const {
    std::shared_ptr<rocksdb::Iterator> at = iterate(Family::events);
    at->SeekToFirst();
    return [at, check_leaves, ended = false]() mutable -> std::optional<LogPage> {
        if (ended) return std::nullopt;
        RawPage raw;
        for (; at->Valid() && raw.places.size() < page_records && raw.bytes.size() < page_bytes;
             at->Next())
            raw.add(at->key().ToStringView(), at->value().ToStringView());
        ended = !at->Valid();
        LogPage page;
        page.records = decode_all(raw, check_leaves);
        if (!at->status().ok()) page.failure = read_error(at->status());
        return page;
    };
}

LogRecord RawLog::record(Position position) const {
    const auto key = eventstore::event_key(position);
    const auto value = db_->get(static_cast<std::size_t>(Family::events), key);
    LogRecord record;
    record.position = position;
    if (!value)
        record.error = value.error().detail;
    else if (!*value)
        record.error = "is missing from the log";
    else
        record = decode(key, **value, true);
    return record;
}

StoreResult<std::optional<Position>> RawLog::position_of(std::string_view stream,
                                                         Version version) const {
    const auto value = db_->get(static_cast<std::size_t>(Family::streams),
                                eventstore::stream_key(stream, version));
    if (!value) return std::unexpected(value.error());
    if (!*value) return std::nullopt;
    return ByteReader{**value}.varint();
}

std::vector<EventPtr> RawLog::stream(std::string_view name) const {
    std::vector<EventPtr> events;
    const auto prefix = std::string{name} + '\0';
    const auto at = iterate(Family::streams, false);
    for (at->Seek(prefix); at->Valid() && at->key().starts_with(prefix); at->Next()) {
        auto found = record(ByteReader{at->value().ToStringView()}.varint());
        if (found.event) events.push_back(std::move(found.event));
    }
    return events;
}

StoreResult<void> RawLog::table(eventstore::Table table, const Visit& visit) const {
    const auto prefix = eventstore::table_key(table, "");
    const auto at = iterate(Family::tables);
    for (at->Seek(prefix); at->Valid() && at->key().starts_with(prefix); at->Next())
        visit(at->key().ToStringView().substr(1), at->value().ToStringView());
    if (!at->status().ok()) return std::unexpected(read_error(at->status()));
    return {};
}

StoreResult<std::optional<std::string>> RawLog::value(eventstore::Table table,
                                                      std::string_view key) const {
    return db_->get(static_cast<std::size_t>(Family::tables), eventstore::table_key(table, key));
}

}  // namespace yeyak::tools
