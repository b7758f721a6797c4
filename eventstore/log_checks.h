// What RocksDB does not check when it opens: that nothing is missing at the end, in the middle or
// in the write-ahead log. Used by rocks_open.cc alone.
#pragma once
#include <rocksdb/wal_filter.h>

#include <optional>

#include "eventstore/rocks_open.h"
#include "eventstore/witness.h"

namespace yeyak::eventstore {

// Every record of the write-ahead log must follow the one before it. A reader that takes a damaged
// length for the torn end of one log file goes on with the next file and leaves a hole.
class WalContinuity final : public rocksdb::WalFilter {
  public:
    const char* Name() const override { return "yeyak.wal_continuity"; }
    WalProcessingOption LogRecordFound(unsigned long long log_number, const std::string& file,
                                       const rocksdb::WriteBatch& batch,
                                       rocksdb::WriteBatch* new_batch, bool* changed) override;

  private:
    std::uint64_t next_ = 0;  // 0: any
};

// That the log reaches its witness, that the event there is the one the witness saw, and that no
// event and no index entry is missing before it. Answers the log's last event.
StoreResult<WitnessMark> check_log(const OpenedLog& log, const std::optional<WitnessMark>& witness,
                                   const std::string& folder);

}  // namespace yeyak::eventstore
