#include "eventstore/begun_by.h"

namespace yeyak::eventstore {

StoreResult<std::string> begun_by(const EventStore& log, std::string_view stream) {
    StreamQuery query;
    query.stream = stream;
    query.max_events = 1;
    auto page = log.read_stream(query);
    if (!page) return std::unexpected(std::move(page).error());
    return page->events.empty() ? std::string{} : page->events.front()->data.actor;
}

}  // namespace yeyak::eventstore
