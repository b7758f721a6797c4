// The log of a data folder as an auditor reads it: nothing is taken for granted, a damaged record
// is a finding and not an end. Never writes. eventstore/FORMAT.md describes what is read here.
#pragma once
#include <functional>
#include <optional>

#include "eventstore/witness.h"
#include "replay-tools/reading/raw_database.h"

namespace yeyak::tools {

using eventstore::EventPtr;
using eventstore::Position;
using eventstore::StoreError;
using eventstore::StoreResult;
using eventstore::Version;

struct LogRecord {
    Position position = 0;
    EventPtr event;     // none when the record does not decode
    std::string error;  // why it does not
    bool leaf_matches = true;
};

// Records in the order of their keys; the last page may end with why nothing more can be read.
struct LogPage {
    std::vector<LogRecord> records;
    std::optional<StoreError> failure;
};

class RawLog {
  public:
    enum class Family : std::size_t { events = 1, streams, postings, tables };

    // Reads the witness first: it must not be newer than the log that is held against it.
    static StoreResult<std::unique_ptr<RawLog>> open(const std::filesystem::path& data);

    Position head() const { return head_; }  // the greatest position
    std::uint64_t sequence() const { return db_->sequence(); }
    const std::optional<eventstore::WitnessMark>& witness() const { return witness_; }
    // The witness was there before its first mark.
    bool witness_is_blank() const { return witness_is_blank_; }

    // Reads all records, page by page: call until it answers nothing.
    std::function<std::optional<LogPage>()> pages(bool check_leaves) const;
    LogRecord record(Position position) const;
    // Where the index of streams has an event.
    StoreResult<std::optional<Position>> position_of(std::string_view stream,
                                                     Version version) const;
    // The events of one stream in order, as far as they can be read.
    std::vector<EventPtr> stream(std::string_view name) const;

    std::unique_ptr<rocksdb::Iterator> iterate(Family family, bool long_scan = true) const;
    // Calls `visit(key, value)` for every entry of a table.
    using Visit = std::function<void(std::string_view key, std::string_view value)>;
    StoreResult<void> table(eventstore::Table table, const Visit& visit) const;
    StoreResult<std::optional<std::string>> value(eventstore::Table table,
                                                  std::string_view key) const;

  private:
    RawLog() = default;
    std::unique_ptr<RawDatabase> db_;
    std::optional<eventstore::WitnessMark> witness_;
    bool witness_is_blank_ = false;
    Position head_ = 0;
};

}  // namespace yeyak::tools
