#include "projections/rebuild/parked.h"

#include <set>
#include <tuple>

namespace yeyak::projections {

using eventstore::EventPtr;
using eventstore::Position;
using eventstore::StoreResult;
using projections::Build;
using projections::Builder;
using projections::ParkedEvent;
using projections::ViewStore;

namespace {

constexpr std::size_t tried_at_once = 500;

StoreResult<std::vector<EventPtr>> first_events(const eventstore::EventStore& log,
                                                const ViewStore& views, const Build& build,
                                                const std::string& stream) {
    std::vector<Position> positions;
    const auto read = views.scan_parked(build, stream, [&](const ParkedEvent& event) {
        positions.push_back(event.position);
        return positions.size() < tried_at_once;
    });
    if (!read) return std::unexpected(read.error());
    std::vector<EventPtr> events;
    for (const auto position : positions) {
        eventstore::AllQuery query;
        query.after = position - 1;
        query.max_events = 1;
        auto page = log.read_all(query);
        if (!page) return std::unexpected(std::move(page).error());
        for (auto& event : page->events) events.push_back(std::move(event));
    }
    return events;
}

}  // namespace

StoreResult<std::vector<ParkedEvent>> parked_events(const ViewStore& views, const Build& build,
                                                    const ParkedEvent& after, std::size_t max) {
    std::vector<ParkedEvent> found;
    const auto visit = [&](const ParkedEvent& event) {
        if (std::tie(event.stream, event.position) > std::tie(after.stream, after.position))
            found.push_back(event);
        return found.size() < max;
    };
    if (auto read = views.scan_parked(build, {}, visit); !read)
        return std::unexpected(std::move(read).error());
    return found;
}

StoreResult<std::optional<ParkedEvent>> first_parked(const ViewStore& views, const Build& build,
                                                     Position position) {
    std::optional<ParkedEvent> found;
    const auto read = views.scan_parked(build, {}, [&](const ParkedEvent& event) {
        if (event.position == position && !event.reason.empty()) found = event;
        return !found;
    });
    if (!read) return std::unexpected(read.error());
    return found;
}

StoreResult<std::uint64_t> retry_parked(const eventstore::EventStore& log, const ViewStore& views,
                                        const Build& build, Builder& builder,
                                        std::string_view stream) {
    std::set<std::string> streams;
    const auto read = views.scan_parked(build, stream, [&](const ParkedEvent& event) {
        streams.insert(event.stream);
        return true;
    });
    if (!read) return std::unexpected(read.error());
    std::uint64_t done = 0;
    for (const auto& each : streams) {
        while (true) {
            const auto events = first_events(log, views, build, each);
            if (!events) return std::unexpected(events.error());
            if (events->empty()) break;
            const auto applied = builder.retry(*events);
            if (!applied) return applied;
            done += *applied;
            if (*applied < events->size()) break;  // one of them still cannot be applied
        }
    }
    return done;
}

}  // namespace yeyak::projections
