#include "eventstore/follower.h"

#include "eventstore/tail.h"
#include "kernel/ensure.h"

namespace yeyak::eventstore {

StoreResult<std::vector<EventPtr>> Follower::next(std::size_t max) {
    if (const Position head = store_->head(); after_ > head)
        return std::unexpected(StoreError{StoreError::Kind::corrupt,
                                          "the follower stands at event " + std::to_string(after_) +
                                              ", the log ends at event " + std::to_string(head)});
    std::vector<EventPtr> events;
    if (auto live = store_->tail().read(after_, max)) {
        events = *std::move(live);
    } else {
        AllQuery query;
        query.after = after_;
        query.max_events = max;
        auto page = store_->read_all(query);
        if (!page) return std::unexpected(std::move(page).error());
        events = std::move(page->events);
    }
    for (const auto& event : events) {
        ensure(event->position == after_ + 1, "a follower sees every position once, in order");
        after_ = event->position;
    }
    return events;
}

}  // namespace yeyak::eventstore
