#include "eventstore/log_pages.h"

#include <algorithm>
#include <utility>

namespace yeyak::eventstore {
namespace {

using Result = StoreResult<std::vector<EventPtr>>;

constexpr std::size_t pages_ahead = 2;
constexpr std::size_t page_bytes = 16 << 20;

std::function<std::optional<Result>()> reader(const EventStore& store, Position after,
                                              Position last, std::size_t max_events) {
    return [&store, after, last, max_events, failed = false]() mutable -> std::optional<Result> {
        if (failed || after >= last) return std::nullopt;
        AllQuery query;
        query.after = after;
        query.max_events =
            static_cast<std::size_t>(std::min<std::uint64_t>(max_events, last - after));
        query.max_bytes = page_bytes;
        auto page = store.read_all(query);
        if (!page) {
            failed = true;
            return Result{std::unexpected(std::move(page).error())};
        }
        after = page->next_after;
        if (page->events.empty()) return std::nullopt;
        return Result{std::move(page->events)};
    };
}

}  // namespace

LogPages::LogPages(const EventStore& store, Position after, Position last, std::size_t max_events)
    : ahead_(reader(store, after, last, max_events), pages_ahead) {}

Result LogPages::next() {
    auto page = ahead_.next();
    if (!page) return Result{};
    return *std::move(page);
}

}  // namespace yeyak::eventstore
