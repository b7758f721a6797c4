// What belongs to an order, a saga or a person: which streams are theirs as a whole, and which
// requests touched them. docs/decisions/0021-trail.md says by which rule.
//
// Finding it reads the log until nothing new is found, usually twice. Memory grows with what
// belongs to it and not with the log: names are kept as hashes of 128 bits, at most `most`.
#pragma once
#include <functional>

#include "audit/trail/name_set.h"
#include "audit/trail/person.h"
#include "audit/trail/query.h"
#include "eventstore/event_store.h"

namespace yeyak::trail {

template <class T>
using Found = std::expected<T, Mistake>;

class Scope {
  public:
    static constexpr std::size_t most = 1'000'000;

    // Of the stream `name`, which must be there.
    static Found<Scope> of_stream(const eventstore::EventStore& log, const std::string& name,
                                  Position head);
    static Found<Scope> of_person(const eventstore::EventStore& log, People people,
                                  const std::string& name, Position head);

    bool contains(const RecordedEvent& event) const;

  private:
    void own(const RecordedEvent& event);
    Found<void> grow(const eventstore::EventStore& log, Position head);
    void take(const RecordedEvent& event);
    std::size_t size() const { return streams_.size() + requests_.size() + began_here_.size(); }

    NameSet streams_;     // theirs as a whole
    NameSet requests_;    // that touched them: all their events are shown
    NameSet began_here_;  // requests that began at them: the streams born in these are theirs, too
    std::optional<PersonFilter> person_;
};

// Whether somebody asked for it: what the program does by itself at its start is no request.
bool has_request(const RecordedEvent& event);

// Reads events up to `head` in order, until `visit` answers false.
Found<void> visit_up_to(const eventstore::EventStore& log, eventstore::AllQuery query,
                        Position head, const std::function<bool(const RecordedEvent&)>& visit);

// A failure of the log, told as a mistake: it names the place.
Mistake unreadable(const eventstore::StoreError& error);

}  // namespace yeyak::trail
