#include "eventstore/memory_store.h"

#include <algorithm>

namespace yeyak::eventstore {
namespace {

bool ends_here(const Page& page, const AllQuery& query, std::size_t bytes) {
    return page.events.size() == query.max_events ||
           (!page.events.empty() && bytes >= query.max_bytes);
}

}  // namespace

Capabilities MemoryStore::capabilities() const {
    auto same = StagingStore::capabilities();
    same.durable_before_ack = false;
    return same;
}

StoreResult<void> MemoryStore::persist(const Batch& batch) {
    const std::lock_guard lock{mutex_};
    for (const auto& entry : batch.events) {
        log_.push_back(entry.event);
        streams_[entry.event->stream].push_back(entry.event);
    }
    for (const auto& [key, value] : batch.tables) {
        if (value)
            tables_[key] = *value;
        else
            tables_.erase(key);
    }
    return {};
}

StoreResult<Version> MemoryStore::stored_head(std::string_view stream) const {
    const std::lock_guard lock{mutex_};
    const auto found = streams_.find(stream);
    return found == streams_.end() ? 0 : found->second.size();
}

StoreResult<Page> MemoryStore::read_stream(const StreamQuery& query) const {
    const std::lock_guard lock{mutex_};
    Page page;
    page.end = true;
    const auto found = streams_.find(query.stream);
    if (found == streams_.end()) return page;
    const auto& events = found->second;
    const bool forward = query.direction == Direction::forward;
    Version at = query.from;
    if (forward && at == 0) at = 1;
    if (!forward && (at == 0 || at > events.size())) at = events.size();
    std::size_t bytes = 0;
    while (at >= 1 && at <= events.size()) {
        if (page.events.size() == query.max_events || (bytes >= query.max_bytes && bytes > 0)) {
            page.end = false;
            break;
        }
        bytes += events[at - 1]->data.payload.size();
        page.events.push_back(events[at - 1]);
        at = forward ? at + 1 : at - 1;
    }
    return page;
}

StoreResult<Page> MemoryStore::read_all(const AllQuery& query) const {
    const Position visible = head();
    const std::lock_guard lock{mutex_};
    Page page;
    page.next_after = query.after;
    std::size_t bytes = 0;
    std::size_t steps = 0;
    for (Position at = query.after; at < visible; ++at) {
        if (steps++ == query.max_steps) return page;
        const auto& event = log_[at];
        if (query.filter.matches(event->stream, event->data)) {
            if (ends_here(page, query, bytes)) return page;
            bytes += event->data.payload.size();
            page.events.push_back(event);
        }
        page.next_after = event->position;
    }
    page.end = true;
    return page;
}

StoreResult<std::optional<std::string>> MemoryStore::value(Table table,
                                                           std::string_view key) const {
    const std::lock_guard lock{mutex_};
    const auto found = tables_.find({table, std::string{key}});
    if (found == tables_.end()) return std::nullopt;
    return found->second;
}

StoreResult<std::vector<TableEntry>> MemoryStore::entries(Table table, std::string_view prefix,
                                                          std::string_view after,
                                                          std::size_t max) const {
    const std::lock_guard lock{mutex_};
    std::vector<TableEntry> found;
    for (auto at = tables_.lower_bound({table, std::string{std::max(prefix, after)}});
         at != tables_.end() && at->first.first == table && found.size() < max; ++at) {
        const auto& key = at->first.second;
        if (!key.starts_with(prefix)) break;
        if (key > after || after.empty()) found.push_back({key, at->second});
    }
    return found;
}

}  // namespace yeyak::eventstore
