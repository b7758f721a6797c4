// What is owed after a commit, as it is kept in the tables of the store: effects to carry out,
// timers to fire, messages that wait for a stopped context. Written and deleted in the same commits
// as the events; what a crash leaves is picked up again at the next start.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "kernel/time.h"

namespace yeyak {

// Table outbox, key "stream@version" of the event that asked for it: the id that makes carrying it
// out twice harmless. Deleted with the events that record the outcome.
struct PendingEffect {
    std::string context;
    std::string category;  // the aggregate that waits for the outcome
    std::string id;
    std::string type;
    std::string payload;  // JSON
    std::string correlation_id;
    std::string actor;
};
BOOST_DESCRIBE_STRUCT(PendingEffect, (),
                      (context, category, id, type, payload, correlation_id, actor))

// Table timer, key: due time in ms, 20 digits, then "/stream@version/index".
struct PendingTimer {
    Instant due;
    std::string category;  // the aggregate or saga it is for
    std::string id;
    std::string type;
    std::string payload;  // JSON
    std::string correlation_id;
    std::string actor;
};
BOOST_DESCRIBE_STRUCT(PendingTimer, (), (due, category, id, type, payload, correlation_id, actor))

// Table inbox, key "context/" and 20 digits of its arrival there (1, 2, 3 …). Either a command for
// an aggregate, or an event for a saga, told by its stream and version.
struct PendingMessage {
    std::string kind;  // command, event, timeout
    std::string category;
    std::string id;
    std::string type;
    std::string payload;
    std::string from_category;  // the saga to tell when the command is refused
    std::string from_id;
    std::string event_stream;
    std::int64_t event_version = 0;
    std::string correlation_id;
    std::string causation_id;
    std::string actor;
};
BOOST_DESCRIBE_STRUCT(PendingMessage, (),
                      (kind, category, id, type, payload, from_category, from_id, event_stream,
                       event_version, correlation_id, causation_id, actor))

// Table snapshot, key: the stream. A folded state, to begin from instead of the first event; only a
// cache, thrown away when the state's shape has changed since.
struct Snapshot {
    std::string shape;
    std::uint64_t version = 0;
    std::string type;   // alternative of the state
    std::string state;  // JSON
};
BOOST_DESCRIBE_STRUCT(Snapshot, (), (shape, version, type, state))

std::string inbox_key(std::string_view context, std::uint64_t arrival);

struct DueEffect {
    std::string key;
    PendingEffect effect;
};
struct DueTimer {
    std::string key;
    PendingTimer timer;
};

}  // namespace yeyak
