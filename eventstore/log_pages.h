// Pages of the log through the store, read ahead on a second thread: what rebuilds of views are fed
// with. The store must outlive the reader.
#pragma once
#include "eventstore/event_store.h"
#include "eventstore/read_ahead.h"

namespace yeyak::eventstore {

class LogPages {
  public:
    // Events after `after` up to and with `last`, in pages of at most `max_events`.
    LogPages(const EventStore& store, Position after, Position last, std::size_t max_events);

    // The next events in order; empty at the end.
    StoreResult<std::vector<EventPtr>> next();

  private:
    using Result = StoreResult<std::vector<EventPtr>>;
    ReadAhead<Result> ahead_;
};

}  // namespace yeyak::eventstore
