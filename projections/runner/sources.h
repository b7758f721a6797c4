// How a view sees one event of the log: decoded, through the upcasters of its type, and folded into
// a row once. Whoever folds events into rows does it through these functions: builds of views, and
// tracers of single rows. Pure; no thread, no I/O.
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "aggregates/kernel/events.h"
#include "aggregates/kernel/saga.h"
#include "eventstore/event.h"

namespace yeyak::projections {

template <class V>
inline constexpr bool reads_itself =
    requires(const eventstore::RecordedEvent& recorded) { V::read(recorded); };

template <class V>
inline constexpr std::size_t source_count = [] {
    if constexpr (reads_itself<V>)
        return std::size_t{1};
    else
        return std::tuple_size_v<typename V::Sources>;
}();

// Calls `use(event, source)` for what the event is to each source of the view: not at all when it
// is none of its business. An error when it is of a source and cannot be read.
template <class V, class Use>
std::expected<void, JsonError> read_for_view(const eventstore::RecordedEvent& recorded, Use use) {
    if constexpr (reads_itself<V>) {
        const auto event = V::read(recorded);
        if (!event) return std::unexpected(event.error());
        if (*event) use(**event, std::size_t{0});
        return {};
    } else {
        const auto category = eventstore::category_of(recorded.stream);
        std::expected<void, JsonError> result;
        const auto from = [&]<class Contract>(Contract, std::size_t source) {
            if (category != Contract::category) return;
            const auto event =
                decode_event<typename Contract::Event>(recorded.data.type, recorded.data.payload);
            if (event)
                std::visit([&](const auto& e) { use(e, source); }, *event);
            else
                result = std::unexpected(event.error());
        };
        std::size_t source = 0;
        std::apply([&](auto... contract) { (from(contract, source++), ...); },
                   typename V::Sources{});
        return result;
    }
}

// Folds an event into a row unless the row has counted it already; `seen` holds the last version of
// each source that it counted. False when nothing was done.
template <class V, class E>
bool fold_once(typename V::Row& row, std::vector<std::uint64_t>& seen, std::size_t source,
               const E& event, const eventstore::RecordedEvent& recorded) {
#ifndef YEYAK_MUTANT_event_counted_twice
    if (seen[source] >= recorded.version) return false;  // counted already
#endif
    seen[source] = recorded.version;
    V::apply(row, event, recorded.time);
    return true;
}

// Categories of the events that can concern the view; empty: any.
template <class V>
std::vector<std::string> categories_of_view() {
    std::vector<std::string> categories;
    if constexpr (!reads_itself<V>)
        std::apply(
            [&](auto... contract) { (categories.emplace_back(decltype(contract)::category), ...); },
            typename V::Sources{});
    return categories;
}

}  // namespace yeyak::projections
