// Who did what, when and why: the events of one stream, or all that concerns one user.
#pragma once
#include <functional>
#include <string>

#include "eventstore/event_store.h"

namespace yeyak::tools {

// The events in order of their positions. Nothing of it is kept in memory.
using VisitEvent = std::function<void(const eventstore::RecordedEvent&)>;

eventstore::StoreResult<void> trail_of_stream(const eventstore::EventStore& log,
                                              const std::string& stream, const VisitEvent& visit);

// All events of the streams with an event that is tagged "user:U", and all events of other streams
// that belong to the same requests.
eventstore::StoreResult<void> trail_of_user(const eventstore::EventStore& log,
                                            const std::string& user, const VisitEvent& visit);

enum class TrailFormat { table, json, csv };

// Prints a trail to standard output, event by event.
class TrailPrinter {
  public:
    TrailPrinter(TrailFormat format, std::size_t columns) : format_(format), columns_(columns) {}
    void begin();
    void event(const eventstore::RecordedEvent& event);
    void end();
    std::uint64_t count() const { return count_; }

  private:
    TrailFormat format_;
    std::size_t columns_;
    std::uint64_t count_ = 0;
};

}  // namespace yeyak::tools
