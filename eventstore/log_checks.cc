#include "eventstore/log_checks.h"

#include <fmt/format.h>

#include <cstring>

#include "eventstore/bytes.h"
#include "eventstore/record.h"

namespace yeyak::eventstore {
namespace {

constexpr std::string_view remedy =
    "keep a copy of the folder, then restore the last verified backup";

std::unexpected<StoreError> refuse(std::string detail) {
    return std::unexpected(StoreError{StoreError::Kind::refused_open, std::move(detail)});
}

StoreResult<LeafHash> leaf_at(const OpenedLog& log, Position position, const std::string& folder) {
    std::string record;
    const auto status = log.db->Get({}, log.events(), event_key(position), &record);
    if (!status.ok())
        return refuse(fmt::format("event {} in {} cannot be read: {}; {}", position, folder,
                                  status.ToString(), remedy));
    const auto event = decode_record(position, record);
    if (!event)
        return refuse(fmt::format("event {} in {} is damaged: {}; {}", position, folder,
                                  event.error(), remedy));
    return event->leaf;
}

StoreResult<Position> last_position(const OpenedLog& log) {
    const std::unique_ptr<rocksdb::Iterator> at{log.db->NewIterator({}, log.events())};
    at->SeekToLast();
    if (!at->status().ok()) return refuse(at->status().ToString());
    if (!at->Valid()) return 0;
    return ByteReader{at->key().ToStringView()}.u64_be();
}

// Exact, because the families that are counted are never overwritten and nothing is deleted.
StoreResult<std::uint64_t> count_entries(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
    rocksdb::TablePropertiesCollection tables;
    const auto status = db.GetPropertiesOfAllTables(family, &tables);
    if (!status.ok()) return refuse(status.ToString());
    std::uint64_t count = 0;
    for (const auto& [file, properties] : tables) count += properties->num_entries;
    for (const auto& name : {rocksdb::DB::Properties::kNumEntriesActiveMemTable,
                             rocksdb::DB::Properties::kNumEntriesImmMemTables}) {
        std::uint64_t in_memory = 0;
        if (!db.GetIntProperty(family, name, &in_memory))
            return refuse("RocksDB does not tell its number of entries");
        count += in_memory;
    }
    return count;
}

StoreResult<void> check_witness(const OpenedLog& log, const WitnessMark& last,
                                const WitnessMark& witness, const std::string& folder) {
    if (witness.position > last.position)
        return refuse(
            fmt::format("the log in {} ends at event {}, but its witness has seen event "
                        "{}: the tail is missing; {}",
                        folder, last.position, witness.position, remedy));
    if (witness.sequence > last.sequence)
        return refuse(
            fmt::format("the log in {} ends at write {}, but its witness has seen write "
                        "{}: the tail is missing; {}",
                        folder, last.sequence, witness.sequence, remedy));
    if (witness.position == 0) return {};
    const auto leaf = leaf_at(log, witness.position, folder);
    if (!leaf) return std::unexpected(leaf.error());
    if (*leaf == witness.leaf) return {};
    return refuse(fmt::format("event {} in {} is not the one its witness has seen; {}",
                              witness.position, folder, remedy));
}

}  // namespace

rocksdb::WalFilter::WalProcessingOption WalContinuity::LogRecordFound(
    unsigned long long, const std::string&, const rocksdb::WriteBatch& batch, rocksdb::WriteBatch*,
    bool*) {
    std::uint64_t sequence = 0;  // the first eight bytes of a batch, little-endian
    std::memcpy(&sequence, batch.Data().data(), sizeof sequence);
    if (next_ != 0 && sequence != next_) return WalProcessingOption::kCorruptedRecord;
    next_ = sequence + batch.Count();
    return WalProcessingOption::kContinueProcessing;
}

StoreResult<WitnessMark> check_log(const OpenedLog& log, const std::optional<WitnessMark>& witness,
                                   const std::string& folder) {
    const auto head = last_position(log);
    if (!head) return std::unexpected(head.error());
    WitnessMark last;
    last.position = *head;
    last.sequence = log.db->GetLatestSequenceNumber();
    for (auto* family : {log.events(), log.streams()}) {
        const auto count = count_entries(*log.db, family);
        if (!count) return std::unexpected(count.error());
        if (*count != *head)
            return refuse(
                fmt::format("the log in {} ends at event {}, but its {} are {}: some are "
                            "missing; {}",
                            folder, *head, family->GetName(), *count, remedy));
    }
    if (witness)
        if (auto checked = check_witness(log, last, *witness, folder); !checked)
            return std::unexpected(checked.error());
    if (*head == 0) return last;
    const auto leaf = leaf_at(log, *head, folder);
    if (!leaf) return std::unexpected(leaf.error());
    last.leaf = *leaf;
    return last;
}

}  // namespace yeyak::eventstore
