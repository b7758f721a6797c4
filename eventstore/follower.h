// Reads the log from a position on and then live, without a gap: from memory while it keeps up,
// from disk while it is behind. The position is the follower's own; the store keeps no state of it.
// One thread at a time uses a follower.
#pragma once
#include "eventstore/event_store.h"

namespace yeyak::eventstore {

class Follower {
  public:
    Follower(const EventStore& store, Position after) : store_(&store), after_(after) {}

    // The next events in order; empty when there are none yet.
    StoreResult<std::vector<EventPtr>> next(std::size_t max);

    Position after() const { return after_; }

  private:
    const EventStore* store_;
    Position after_;
};

}  // namespace yeyak::eventstore
