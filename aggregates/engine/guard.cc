#include "aggregates/engine/guard.h"

#include "eventstore/begun_by.h"

namespace yeyak {

bool holds(const Owned& owned, const eventstore::EventStore& store) {
    return !owned.actor.empty() &&
           eventstore::begun_by(store, owned.stream).value_or("") == owned.actor;
}

std::optional<eventstore::Version> broken_at(const std::optional<Guard>& guard,
                                             eventstore::EventStore& store) {
    if (!guard) return std::nullopt;
    if (guard->owned && !holds(*guard->owned, store)) return 0;
    if (!guard->holds) return std::nullopt;
    const auto version = store.staged_head(guard->stream);
    if (guard->holds(version)) return std::nullopt;
    return version;
}

}  // namespace yeyak
