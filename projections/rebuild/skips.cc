#include "projections/rebuild/skips.h"

#include <fmt/format.h>

#include "aggregates/operations/contract.h"
#include "kernel/events.h"

namespace yeyak::projections {

using operations::EventSkipped;

const std::set<eventstore::Position>& skipped_in(const Skips& skips, std::string_view view) {
    static const std::set<eventstore::Position> none;
    const auto own = skips.find(view);
    return own == skips.end() ? none : own->second;
}

std::string skips_stream() {
    return fmt::format("{}-{}", operations::Contract::category,
                       operations::journal_of(EventSkipped{}));
}

eventstore::StoreResult<void> add_skip(Skips& skips, const eventstore::RecordedEvent& event) {
    if (event.data.type != EventSkipped::type) return {};
    const auto fact = decode_event<operations::Event>(event.data.type, event.data.payload);
    if (!fact)
        return std::unexpected(eventstore::StoreError{
            eventstore::StoreError::Kind::corrupt,
            fmt::format("event {} ({}): {} {}", event.position, event.data.type, fact.error().field,
                        fact.error().detail)});
    const auto& skipped = std::get<EventSkipped>(*fact);
    skips[skipped.view].insert(static_cast<eventstore::Position>(skipped.position));
    return {};
}

eventstore::StoreResult<Skips> read_skips(const eventstore::EventStore& store,
                                          eventstore::Position last) {
    Skips skips;
    eventstore::StreamQuery query;
    query.stream = skips_stream();
    for (query.from = 1;;) {
        const auto page = store.read_stream(query);
        if (!page) return std::unexpected(page.error());
        for (const auto& event : page->events) {
            query.from = event->version + 1;
            if (event->position > last) return skips;
            if (auto added = add_skip(skips, *event); !added)
                return std::unexpected(std::move(added).error());
        }
        if (page->end || page->events.empty()) return skips;
    }
}

}  // namespace yeyak::projections
