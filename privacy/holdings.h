// All that is held about a person: the events, the rows of views, and what is still owed (effects,
// timers, messages, snapshots, answers kept for repeated requests). Reads the whole log, table by
// table; what is kept in memory is the person's, however long the log is.
//
// An event is about the person when it holds a field sealed with one of the person's keys, bears
// the person's tag, follows from such an event, or goes on with a stream that began with one. What
// is sealed with somebody else's key is left out. Blocking reads; not for an I/O thread.
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "privacy/person.h"
#include "projections/runner/projector.h"

namespace yeyak::privacy {

struct Holdings {
    std::uint64_t events = 0;
    std::uint64_t sealed_events = 0;            // those that hold fields of the person
    std::map<std::string, std::uint64_t> rows;  // number of them, by view
    std::uint64_t owed = 0;
    // JSON arrays; empty texts when only counts were asked for.
    std::string events_json;
    std::map<std::string, std::string> rows_json;  // by view
    std::string owed_json;
    eventstore::Position position = 0;  // the log was read up to here
};

struct Search {
    const eventstore::EventStore& log;
    const projections::ViewStore& views;
    const projections::Views& known_views;
    const Person& person;
    const std::vector<std::string>& key_names;
    bool with_content = false;
    const std::atomic<bool>* stop = nullptr;  // ends the search early, with Kind::busy
    std::function<void(eventstore::Position)> reached = {};  // how far the log was read
};

eventstore::StoreResult<Holdings> find_holdings(const Search& search);

}  // namespace yeyak::privacy
