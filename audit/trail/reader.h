// Reads the events that a query asks for, in order, page by page: memory does not grow with their
// number. One thread at a time; the store must outlive it.
#pragma once
#include <functional>
#include <memory>

#include "audit/trail/scope.h"
#include "eventstore/times.h"

namespace yeyak::trail {

class Reader {
  public:
    // Up to the event `head`, so that what is counted first is what is shown then.
    static Found<Reader> open(const eventstore::EventStore& log, People people, Query query,
                              Position head);

    // Some more events, perhaps none; nothing at all at the end.
    Found<std::optional<std::vector<eventstore::EventPtr>>> next();
    // From the beginning again.
    void rewind();

    const Query& query() const { return query_; }
    const eventstore::EventStore& log() const { return *log_; }
    Position head() const { return head_; }
    // An order, saga or person was asked for, and the event belongs to it, whatever else was asked.
    bool has_scope() const { return !scopes_.empty(); }
    bool belongs(const RecordedEvent& event) const;
    // After the end: the limit was reached, and there is more after this position.
    std::optional<Position> next_after() const { return next_after_; }

  private:
    Reader(const eventstore::EventStore& log, Query query, Position head)
        : log_(&log), query_(std::move(query)), head_(head) {
        rewind();
    }
    Found<void> find_spans();
    bool go_on();
    eventstore::StoreResult<eventstore::Page> read_page();
    bool wanted(const RecordedEvent& event) const;

    const eventstore::EventStore* log_;
    Query query_;
    Position head_;
    std::vector<Scope> scopes_;
    std::vector<eventstore::Span> spans_;  // nothing outside of them is wanted
    std::size_t span_ = 0;
    Position last_ = 0;  // nothing after it is wanted
    Position after_ = 0;
    eventstore::Version from_version_ = 0;
    std::uint64_t shown_ = 0;
    Position last_shown_ = 0;
    bool ended_ = false;
    std::optional<Position> next_after_;
};

// What a reading will show, found by reading it once, and whom it concerns, by reading the log once
// more.
struct Survey {
    std::uint64_t events = 0;
    // Who occur in it, in its requests, or in what it belongs to; at most `most_persons`.
    std::vector<std::string> persons;
    bool more_persons = false;
    std::optional<Position> next_after;

    static constexpr std::size_t most_persons = 24;
};
// Told how far the log was read for it.
using Reached = std::function<void(Position)>;
Found<Survey> survey(Reader& reader, const Reached& reached = {});

}  // namespace yeyak::trail
