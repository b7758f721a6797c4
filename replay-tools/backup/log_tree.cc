#include "replay-tools/backup/log_tree.h"

#include <fmt/format.h>
#include <rocksdb/iterator.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "eventstore/bytes.h"
#include "eventstore/in_parallel.h"
#include "eventstore/record.h"
#include "eventstore/rocks_store.h"
#include "replay-tools/replay/rebuild.h"

namespace yeyak::tools {
namespace {

using eventstore::StoreError;

constexpr std::size_t events_family = 1;
// 2^16 events are one piece of work and one subtree.
constexpr unsigned chunk_level = 16;
constexpr Position chunk_events = Position{1} << chunk_level;

StoreError damaged(Position position, std::string_view what) {
    return {StoreError::Kind::corrupt, fmt::format("event {}: {}", position, what)};
}

// Appends the leaves of the events after `after` up to `last`.
StoreResult<void> add_leaves(const RawDatabase& log, Position after, Position last,
                             audit::Range& range) {
    const auto at = log.iterate(events_family, true);
    auto expected = after + 1;
    for (at->Seek(eventstore::event_key(expected)); expected <= last; at->Next(), ++expected) {
        if (!at->status().ok()) return std::unexpected(read_error(at->status()));
        const auto key = at->Valid() ? at->key().ToStringView() : std::string_view{};
        if (key != eventstore::event_key(expected))
            return std::unexpected(damaged(expected, "is missing"));
        const auto bytes = at->value().ToStringView();
        const auto event = eventstore::decode_record(expected, bytes);
        if (!event) return std::unexpected(damaged(expected, event.error()));
        if (!eventstore::leaf_matches(expected, bytes))
            return std::unexpected(damaged(expected, "its leaf hash is not that of its record"));
        range.append(event->leaf);
    }
    return {};
}

StoreResult<Position> head_of(const RawDatabase& log) {
    const auto at = log.iterate(events_family, false);
    at->SeekToLast();
    if (!at->status().ok()) return std::unexpected(read_error(at->status()));
    return at->Valid() ? eventstore::ByteReader{at->key().ToStringView()}.u64_be() : 0;
}

}  // namespace

StoreResult<LogTree> LogTree::read(const RawDatabase& log, const Reached& reached) {
    LogTree tree{log};
    const auto head = head_of(log);
    if (!head) return std::unexpected(head.error());
    tree.head_ = *head;
    const auto whole = *head / chunk_events;
    tree.chunks_.resize(whole);
    std::vector<StoreResult<void>> results(whole + 1);
    std::mutex telling;
    Position done = 0;
    std::atomic<bool> stopped = false;
    eventstore::in_parallel(whole + 1, [&](std::size_t i) {
        if (stopped) return;
        const auto last = std::min(*head, (i + 1) * chunk_events);
        audit::Range range;
        results[i] = add_leaves(log, i * chunk_events, last, range);
        if (!results[i]) stopped = true;
        if (i < whole) tree.chunks_[i] = range.root();
        const std::lock_guard lock{telling};
        done += last - i * chunk_events;
        if (reached && !reached(done, *head)) stopped = true;
    });
    for (const auto& result : results)
        if (!result) return std::unexpected(result.error());
    if (stopped) return std::unexpected(interrupted_error);
    return tree;
}

StoreResult<audit::Hash> LogTree::root(Position size) const {
    if (size > head_) return std::unexpected(damaged(size, "the log ends before it"));
    audit::Range range;
    for (std::size_t i = 0; i < size / chunk_events; ++i)
        range.append_subtree(chunk_level, chunks_[i]);
    if (auto added = add_leaves(*log_, range.size(), size, range); !added)
        return std::unexpected(added.error());
    return range.root();
}

}  // namespace yeyak::tools
