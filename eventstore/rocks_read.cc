// The reading side of the durable store. Everything is read up to head(): what a flush has written
// but not yet published is nobody's to see.
#include <fmt/format.h>

#include <algorithm>

#include "eventstore/bytes.h"
#include "eventstore/postings.h"
#include "eventstore/record.h"
#include "eventstore/rocks_error.h"
#include "eventstore/rocks_store.h"

namespace yeyak::eventstore {
namespace {

StoreError corrupt(Position position, std::string_view why) {
    return {StoreError::Kind::corrupt, fmt::format("event {}: {}", position, why)};
}

bool ends_here(const Page& page, const AllQuery& query, std::size_t bytes) {
    return page.events.size() == query.max_events ||
           (!page.events.empty() && bytes >= query.max_bytes);
}

}  // namespace

StoreResult<EventPtr> RocksStore::load(Position position) const {
    std::string record;
    const auto status = db_->Get({}, handles_.events, event_key(position), &record);
    if (status.IsNotFound()) return std::unexpected(corrupt(position, "is missing from the log"));
    if (!status.ok()) return std::unexpected(rocks_error(status));
    auto event = decode_record(position, record);
    if (!event) return std::unexpected(corrupt(position, event.error()));
    return std::make_shared<const RecordedEvent>(*std::move(event));
}

StoreResult<Page> RocksStore::read_stream(const StreamQuery& query) const {
    Page page;
    page.end = true;
    std::size_t bytes = 0;
    if (query.stream.find('\0') != std::string::npos) return page;  // no name, and no key prefix
    const Position visible = head();
    rocksdb::ReadOptions options;
    options.total_order_seek = true;
    const std::unique_ptr<rocksdb::Iterator> at{db_->NewIterator(options, handles_.streams)};
    const bool forward = query.direction == Direction::forward;
    const std::string prefix = query.stream + '\0';
    if (forward)
        at->Seek(stream_key(query.stream, query.from));
    else
        at->SeekForPrev(stream_key(query.stream, query.from == 0 ? ~Version{0} : query.from));
    for (; at->Valid() && at->key().starts_with(prefix); forward ? at->Next() : at->Prev()) {
        const auto key = at->key().ToStringView();
        const Version version = ByteReader{key.substr(prefix.size())}.u64_be();
        const Position position = ByteReader{at->value().ToStringView()}.varint();
        if (position > visible) continue;
        if (page.events.size() == query.max_events || (bytes >= query.max_bytes && bytes > 0)) {
            page.end = false;
            return page;
        }
        auto event = load(position);
        if (!event) return std::unexpected(std::move(event).error());
        if ((*event)->stream != query.stream || (*event)->version != version)
            return std::unexpected(
                corrupt((*event)->position,
                        fmt::format("the index has it as {}@{}", query.stream, version)));
        bytes += (*event)->data.payload.size();
        page.events.push_back(*std::move(event));
    }
    if (!at->status().ok()) return std::unexpected(rocks_error(at->status()));
    return page;
}

StoreResult<Page> RocksStore::read_all(const AllQuery& query) const {
    return query.filter.empty() ? read_scan(query) : read_postings(query);
}

StoreResult<Page> RocksStore::read_scan(const AllQuery& query) const {
    const Position visible = head();
    rocksdb::ReadOptions options;
    if (query.max_events > 5000) {  // a long scan: read ahead, and leave the cache to others
        options.readahead_size = 4 << 20;
        options.fill_cache = false;
    }
    const std::unique_ptr<rocksdb::Iterator> at{db_->NewIterator(options, handles_.events)};
    Page page;
    page.next_after = query.after;
    std::size_t bytes = 0;
    std::size_t steps = 0;
    for (at->Seek(event_key(query.after + 1)); page.next_after < visible; at->Next()) {
        if (ends_here(page, query, bytes) || steps++ == query.max_steps) return page;
        const Position position = page.next_after + 1;
        if (!at->Valid() && !at->status().ok()) return std::unexpected(rocks_error(at->status()));
        if (!at->Valid() || at->key().ToStringView() != event_key(position))
            return std::unexpected(corrupt(position, "is missing from the log"));
        auto event = decode_record(position, at->value().ToStringView());
        if (!event) return std::unexpected(corrupt(position, event.error()));
        bytes += event->data.payload.size();
        page.events.push_back(std::make_shared<const RecordedEvent>(*std::move(event)));
        page.next_after = position;
    }
    page.end = true;
    return page;
}

StoreResult<Page> RocksStore::read_postings(const AllQuery& query) const {
    // The lists are opened one after the other while the writer goes on; what is visible now is in
    // all.
    const Position visible = head();
    PostingWalk walk{*db_, handles_.postings, query.filter, query.after};
    Page page;
    page.next_after = query.after;
    std::size_t bytes = 0;
    while (true) {
        const auto at = walk.next(query.max_steps);
        if (!at) return std::unexpected(at.error());
        if (at->kind == PostingWalk::At::Kind::end || at->position > visible) break;
        if (ends_here(page, query, bytes)) return page;
        page.next_after = at->position;
        if (at->kind == PostingWalk::At::Kind::gave_up) return page;
        auto event = load(at->position);
        if (!event) return std::unexpected(std::move(event).error());
        if (!query.filter.matches((*event)->stream, (*event)->data))
            return std::unexpected(corrupt(at->position, "the index has it for another filter"));
        bytes += (*event)->data.payload.size();
        page.events.push_back(*std::move(event));
    }
    page.next_after = std::max(page.next_after, visible);
    page.end = true;
    return page;
}

}  // namespace yeyak::eventstore
