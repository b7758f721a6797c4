// Who began a stream: the actor of its first event. It never changes. Empty when the stream holds
// nothing that is durable. Any thread; reads one event.
#pragma once
#include <string>
#include <string_view>

#include "eventstore/event_store.h"

namespace yeyak::eventstore {

StoreResult<std::string> begun_by(const EventStore& log, std::string_view stream);

}  // namespace yeyak::eventstore
