// Events that their writers have named: source and id tell CloudEvents apart, so a log holds one
// event of a name. The name is kept in the commit of its event, with a digest of what the event
// says. The same event again is known by it; another event under the name is refused
// (docs/decisions/0023-event-ids.md).
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/event_store.h"

namespace yeyak::server {

// What the table of event ids keeps.
struct NamedEvent {
    std::uint64_t position = 0;
    std::uint64_t version = 0;
    std::string content;  // SHA-256 of what the writer said, in hex
};
BOOST_DESCRIBE_STRUCT(NamedEvent, (), (position, version, content))

// The key of that table: SHA-256 of the source, a zero byte and the id.
std::string event_id_key(std::string_view source, std::string_view id);

// Why the events of a commit cannot be recorded.
struct IdUsed {
    std::size_t index = 0;              // which event of the commit
    eventstore::Position position = 0;  // who has the name; 0: another event of the commit
    std::string detail;
};

class EventIds {
  public:
    // From what the writer said, before anything is filled in.
    explicit EventIds(const eventstore::Commit& commit);

    // Where the events stand, one for each, when all of them are recorded as they are here, in this
    // order; nothing when none of the names is known. On the sequencer's thread.
    std::expected<std::vector<NamedEvent>, IdUsed> look_up(eventstore::EventStore& store) const;
    // Names the events in the commit that records them; `places` has one entry for each.
    void name(eventstore::Commit& commit, std::vector<NamedEvent> places) const;

  private:
    struct Event {
        std::string id;
        std::string key;  // empty: its writer gave no id
        std::string content;
    };
    std::expected<void, IdUsed> check_twice() const;

    std::vector<Event> events_;
};

}  // namespace yeyak::server
