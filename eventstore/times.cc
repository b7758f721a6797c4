#include "eventstore/times.h"

#include <algorithm>

#include "eventstore/bytes.h"
#include "kernel/ensure.h"

namespace yeyak::eventstore {
namespace {

// Of more, the oldest are read as a whole.
constexpr std::size_t most_runs = 1000;

const StoreError damaged{StoreError::Kind::corrupt, "the table of times names no event"};

// The first positions of the newest runs.
StoreResult<std::vector<Position>> newest_runs(const EventStore& log) {
    constexpr std::size_t page = 10'000;
    std::vector<Position> runs;
    std::string after;
    while (true) {
        const auto entries = log.entries(Table::time, "", after, page);
        if (!entries) return std::unexpected(entries.error());
        for (const auto& entry : *entries) {
            ByteReader key{entry.key};
            runs.push_back(key.u64_be());
            if (!key.ok() || !key.rest().empty() || runs.back() == 0)
                return std::unexpected(damaged);
        }
        if (runs.size() > most_runs)
            runs.erase(runs.begin(), runs.end() - static_cast<std::ptrdiff_t>(most_runs));
        if (entries->size() < page) return runs;
        after = entries->back().key;
    }
}

// The first position of the run for whose time `is_there` holds, as it does for all after it; the
// position behind the run when there is none.
template <class IsThere>
StoreResult<Position> first_where(const EventStore& log, Span run, const IsThere& is_there) {
    Position low = run.first;
    Position high = run.last + 1;
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        const auto time = time_of(log, middle);
        if (!time) return std::unexpected(time.error());
        if (is_there(*time))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

// The part of a run that is of the time.
StoreResult<Span> part_of(const EventStore& log, Span run, std::optional<Instant> from,
                          std::optional<Instant> to) {
    if (from) {
        const auto first = first_where(log, run, [&](Instant time) { return time >= *from; });
        if (!first) return std::unexpected(first.error());
        run.first = *first;
    }
    if (to) {
        const auto behind = first_where(log, run, [&](Instant time) { return time > *to; });
        if (!behind) return std::unexpected(behind.error());
        run.last = *behind - 1;
    }
    return run;
}

}  // namespace

std::string time_key(Position first) {
    std::string key;
    put_u64_be(key, first);
    return key;
}

StoreResult<Instant> time_of(const EventStore& log, Position position) {
    AllQuery one;
    one.after = position - 1;
    one.max_events = 1;
    const auto page = log.read_all(one);
    if (!page) return std::unexpected(page.error());
    ensure(!page->events.empty(), "an event that is there can be read");
    return page->events.front()->time;
}

std::string times_mark(Position complete_to) { return time_key(complete_to); }

namespace {

// Nothing when no runs are kept in this log, or it cannot be told.
std::optional<Position> complete_to(const EventStore& log) {
    const auto runs = log.entries(Table::time, "", "", 1);
    if (!runs || runs->empty() || runs->front().key.size() != sizeof(Position)) return std::nullopt;
    const auto mark = log.value(Table::checkpoint, times_follower);
    if (!mark) return std::nullopt;
    const auto first = ByteReader{runs->front().key}.u64_be();
    return *mark ? std::max(first, ByteReader{**mark}.u64_be()) : first;
}

// The positions behind `after` where times go back and no entry says so; none of them when some
// event cannot be read.
std::optional<std::vector<Position>> missing_runs(const EventStore& log, Position after) {
    std::vector<Position> missing;
    AllQuery query;
    query.after = after - 1;  // its time is what the next is held against
    query.max_events = 1000;
    Instant newest{INT64_MIN};
    while (query.after < log.head()) {
        const auto page = log.read_all(query);
        if (!page || page->events.empty()) return std::nullopt;
        for (const auto& event : page->events) {
            if (event->time < newest) {
                const auto entry = log.value(Table::time, time_key(event->position));
                if (!entry) return std::nullopt;
                if (!*entry) missing.push_back(event->position);
            }
            newest = event->time;
        }
        query.after = page->next_after;
    }
    return missing;
}

}  // namespace

StoreResult<std::size_t> mend_times(EventStore& log) {
    const auto known = complete_to(log);
    const auto head = log.head();
    if (!known || *known == 0 || *known >= head) return 0;
    const auto missing = missing_runs(log, *known);
    if (!missing || (missing->empty() && head - *known < times_marked_every)) return 0;
    Commit commit;
    for (const auto first : *missing) commit.writes.push_back({Table::time, time_key(first), ""});
    commit.writes.push_back({Table::checkpoint, std::string{times_follower}, times_mark(head)});
    if (const auto staged = log.stage(std::move(commit)); !staged)
        return std::unexpected(StoreError{StoreError::Kind::io, staged.error().detail});
    if (const auto written = log.flush(); !written) return std::unexpected(written.error());
    return missing->size();
}

StoreResult<std::vector<Span>> spans_of(const EventStore& log, std::optional<Instant> from,
                                        std::optional<Instant> to, Position head) {
    auto runs = newest_runs(log);
    if (!runs) return std::unexpected(std::move(runs).error());
    std::erase_if(*runs, [&](Position first) { return first > head; });
    runs->push_back(head + 1);
    std::vector<Span> spans;
    if (runs->front() > 1) spans.push_back({1, runs->front() - 1});
    for (std::size_t i = 0; i + 1 < runs->size(); ++i) {
        const auto part = part_of(log, {(*runs)[i], (*runs)[i + 1] - 1}, from, to);
        if (!part) return std::unexpected(part.error());
        if (part->first <= part->last) spans.push_back(*part);
    }
    return spans;
}

}  // namespace yeyak::eventstore
