// What becomes of a request to the core, as whoever asked is told.
#pragma once
#include <string>

#include "eventstore/event.h"
#include "kernel/ended.h"

namespace yeyak {

struct Reply {
    Ended ended = Ended::ok;
    std::string refusal;  // the stable code of the rule that refused it
    std::string stream;
    eventstore::Version version = 0;
    eventstore::Position position = 0;  // of the last event that the request caused directly
    bool replayed = false;              // the answer of an earlier request with the same key
    bool kept = false;  // something of this request stays: events, messages, effects

    bool ok() const { return ended == Ended::ok; }
    std::string code() const { return std::string{code_of(ended, refusal)}; }
};

}  // namespace yeyak
