#include "audit/trail/scope.h"

#include <fmt/format.h>

namespace yeyak::trail {
namespace {

using eventstore::EventStore;

constexpr std::size_t page_events = 4096;

// Not what followed from another event.
bool begins_request(const RecordedEvent& event) {
    return event.data.causation_id.empty() || event.data.causation_id.starts_with("http/");
}

}  // namespace

Mistake unreadable(const eventstore::StoreError& error) {
    return {500, "store_failed", "", fmt::format("the log could not be read: {}", error.detail)};
}

bool has_request(const RecordedEvent& event) {
    return !event.data.correlation_id.empty() && event.data.correlation_id != "start";
}

Found<void> visit_up_to(const EventStore& log, eventstore::AllQuery query, Position head,
                        const std::function<bool(const RecordedEvent&)>& visit) {
    query.max_events = page_events;
    while (query.after < head) {
        const auto page = log.read_all(query);
        if (!page) return std::unexpected(unreadable(page.error()));
        for (const auto& event : page->events)
            if (event->position <= head && !visit(*event)) return {};
        if (page->end) break;
        query.after = page->next_after;
    }
    return {};
}

void Scope::own(const RecordedEvent& event) {
    if (is_journal(event.stream)) return;
    streams_.add(event.stream);
}

void Scope::take(const RecordedEvent& event) {
    const bool asks = has_request(event);
    const auto& request = event.data.correlation_id;
    if (event.version == 1 && asks && began_here_.contains(request)) own(event);
    if (!asks || !streams_.contains(event.stream)) return;
    requests_.add(request);
    if (begins_request(event)) began_here_.add(request);
}

Found<void> Scope::grow(const EventStore& log, Position head) {
    std::size_t before = 0;
    do {
        before = size();
        auto read = visit_up_to(log, {}, head, [&](const RecordedEvent& event) {
            if (size() <= most) take(event);
            return size() <= most;
        });
        if (!read) return read;
        if (size() > most)
            return std::unexpected(
                Mistake{422, "trail_too_wide", "",
                        fmt::format("more than {} streams and requests belong to it; ask by stream",
                                    most)});
    } while (size() > before);
    return {};
}

Found<Scope> Scope::of_stream(const EventStore& log, const std::string& name, Position head) {
    eventstore::StreamQuery first;
    first.stream = name;
    first.max_events = 1;
    const auto page = log.read_stream(first);
    if (!page) return std::unexpected(unreadable(page.error()));
    if (page->events.empty())
        return std::unexpected(
            Mistake{404, "not_found", "",
                    fmt::format("there is no stream {}; GET /events?tag=user:1 or the trail of a "
                                "person names streams",
                                name)});
    Scope scope;
    scope.streams_.add(name);
    if (auto grown = scope.grow(log, head); !grown) return std::unexpected(grown.error());
    return scope;
}

Found<Scope> Scope::of_person(const EventStore& log, People people, const std::string& name,
                              Position head) {
    Scope scope;
    scope.person_ = PersonFilter{people, name};
    if (!scope.person_->stream().empty()) scope.streams_.add(scope.person_->stream());
    eventstore::AllQuery tagged;
    tagged.filter.tags = scope.person_->tags();
    auto read = visit_up_to(log, tagged, head, [&](const RecordedEvent& event) {
        if (scope.size() > most || is_journal(event.stream) || !scope.person_->concerns(event))
            return true;
        if (event.version == 1) scope.own(event);
        if (has_request(event)) scope.requests_.add(event.data.correlation_id);
        return true;
    });
    if (!read) return std::unexpected(read.error());
    if (scope.size() > 0)
        if (auto grown = scope.grow(log, head); !grown) return std::unexpected(grown.error());
    return scope;
}

bool Scope::contains(const RecordedEvent& event) const {
    return (person_ && person_->concerns(event)) || streams_.contains(event.stream) ||
           (has_request(event) && requests_.contains(event.data.correlation_id));
}

}  // namespace yeyak::trail
