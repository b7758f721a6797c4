// Pages of the log through the store, read ahead on a second thread: what rebuilds of views are fed
// with. The store must outlive the reader.
#pragma once
#include "eventstore/event_store.h"
#include "replay-tools/reading/read_ahead.h"

namespace yeyak::tools {

class LogPages {
  public:
    // Events after `after` up to and with `last`, in pages of at most `max_events`.
    LogPages(const eventstore::EventStore& store, eventstore::Position after,
             eventstore::Position last, std::size_t max_events);

    // The next events in order; empty at the end.
    eventstore::StoreResult<std::vector<eventstore::EventPtr>> next();

  private:
    using Result = eventstore::StoreResult<std::vector<eventstore::EventPtr>>;
    ReadAhead<Result> ahead_;
};

}  // namespace yeyak::tools
