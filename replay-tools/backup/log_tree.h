// The Merkle tree over a log as it is stored, made from every record on all cores: nothing that was
// derived from the log is taken for granted.
#pragma once
#include <functional>
#include <vector>

#include "audit/proofs/merkle.h"
#include "replay-tools/reading/raw_database.h"

namespace yeyak::tools {

using eventstore::Position;
using eventstore::StoreResult;

class LogTree {
  public:
    // Reads all events of the family after the default one. Every record must be whole, in its
    // place and lead to its leaf hash. `reached` is told how many events are done and how many
    // there are; false stops. The database must outlive the tree.
    using Reached = std::function<bool(Position done, Position head)>;
    static StoreResult<LogTree> read(const RawDatabase& log, const Reached& reached);

    Position head() const { return head_; }
    // Of the first `size` events; an error when there are not so many.
    StoreResult<audit::Hash> root(Position size) const;

  private:
    explicit LogTree(const RawDatabase& log) : log_(&log) {}
    const RawDatabase* log_;
    Position head_ = 0;
    std::vector<audit::Hash> chunks_;  // the roots of complete runs of events
};

}  // namespace yeyak::tools
