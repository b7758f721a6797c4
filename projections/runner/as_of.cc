#include "projections/runner/as_of.h"

#include <algorithm>
#include <charconv>

namespace yeyak::projections {

const StoreError interrupted_error{StoreError::Kind::io, "interrupted"};

std::optional<AsOfPoint> parse_as_of(std::string_view text) {
    Position position = 0;
    const char* const end = text.data() + text.size();
    const auto number = std::from_chars(text.data(), end, position);
    if (number.ec == std::errc{} && number.ptr == end) return position;
    std::string time{text};
    std::ranges::replace(time, ' ', '+');
    const auto at = parse_instant(time);
    if (!at) return std::nullopt;
    return *at;
}

StoreResult<Position> position_at(const eventstore::EventStore& log, Instant at) {
    const Position head = log.head();
    Position found = 0;
    for (Position step = Position{1} << 62; step > 0; step /= 2) {
        if (step > head - found) continue;
        eventstore::AllQuery query;
        query.after = found + step - 1;
        query.max_events = 1;
        const auto page = log.read_all(query);
        if (!page) return std::unexpected(page.error());
        if (page->events.front()->time <= at) found += step;
    }
    return found;
}

StoreResult<void> read_pages(const eventstore::EventStore& log,
                             const std::vector<std::string>& categories, const FoldRange& range,
                             const VisitPage& visit) {
    eventstore::AllQuery query;
    query.filter.categories = categories;
    query.max_bytes = 16 << 20;
    for (query.after = range.after; query.after < range.last;) {
        query.max_events = static_cast<std::size_t>(
            std::min<std::uint64_t>(range.batch, range.last - query.after));
        auto page = log.read_all(query);
        if (!page) return std::unexpected(std::move(page).error());
        const auto beyond = [&](const auto& event) { return event->position > range.last; };
        // With a filter a page may reach beyond what is wanted.
        const auto [first, last] = std::ranges::remove_if(page->events, beyond);
        page->events.erase(first, last);
        query.after = std::min(page->next_after, range.last);
        const auto more = visit(page->events, query.after);
        if (!more) return std::unexpected(more.error());
        if (!*more) return {};
        if (page->end) return {};
    }
    return {};
}

StoreResult<void> fold_up_to(const eventstore::EventStore& log, const View& view, Builder& builder,
                             const FoldRange& range, const Reached& reached) {
    return read_pages(log, view.categories(), range,
                      [&](const auto& events, Position position) -> StoreResult<bool> {
                          Builder::Events known;
                          for (const auto& event : events) known.push_back(event.get());
                          auto applied = builder.advance(known, position, Keep::now);
                          if (!applied) return std::unexpected(std::move(applied).error());
                          if (!reached || reached(position)) return true;
                          return std::unexpected(interrupted_error);
                      });
}

}  // namespace yeyak::projections
