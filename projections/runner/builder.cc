#include "kernel/ensure.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

StoreResult<void> Builder::apply(const std::vector<eventstore::EventPtr>& events, Keep keep) {
    Events all;
    all.reserve(events.size());
    auto position = checkpoint();
    for (const auto& event : events) {
        ensure(event->position == ++position, "a view sees every position once, in order");
        all.push_back(event.get());
    }
    return advance(all, position, keep);
}

}  // namespace yeyak::projections
