#include "projections/runner/view_moment.h"

#include <rocksdb/db.h>

#include "projections/runner/view_store_keys.h"

namespace yeyak::projections {
namespace {

// What stands before it in a stored row: the versions that it has seen.
std::optional<std::string_view> json_of(std::string_view stored) {
    eventstore::ByteReader reader{stored};
    const auto sources = reader.varint();
    if (sources > stored.size()) return std::nullopt;
    for (std::uint64_t i = 0; i < sources; ++i) reader.varint();
    if (!reader.ok()) return std::nullopt;
    return reader.rest();
}

}  // namespace

ViewMoment::ViewMoment(const ViewStore& store, Build build)
    : db_(store.share()), build_(std::move(build)), snapshot_(db_->GetSnapshot()) {}

ViewMoment::~ViewMoment() { db_->ReleaseSnapshot(snapshot_); }

StoreResult<std::optional<std::string>> ViewMoment::get(const std::string& key) const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    std::string value;
    const auto status = db_->Get(options, key, &value);
    if (status.IsNotFound()) return std::nullopt;
    if (!status.ok()) return std::unexpected(keys::io_error(status));
    return value;
}

StoreResult<RowCounts> ViewMoment::counts() const {
    const auto value = get(keys::prefix('c', build_));
    if (!value) return std::unexpected(value.error());
    RowCounts counts;
    if (!*value) return counts;
    eventstore::ByteReader reader{**value};
    reader.varint();  // the position
    counts.active = static_cast<std::int64_t>(reader.varint());
    counts.cancelled = static_cast<std::int64_t>(reader.varint());
    if (!reader.ok()) return std::unexpected(keys::damaged(build_.view));
    return counts;
}

StoreResult<std::optional<ViewMoment::Found>> ViewMoment::find(std::string_view key) const {
    for (const auto list : {List::active, List::cancelled}) {
        const auto value = get(keys::row_prefix(build_, list).append(key));
        if (!value) return std::unexpected(value.error());
        if (!*value) continue;
        const auto json = json_of(**value);
        if (!json) return std::unexpected(keys::damaged(build_.view));
        return Found{list, std::string{*json}};
    }
    return std::nullopt;
}

ViewMoment::Cursor ViewMoment::begin(std::string prefix, bool descending) const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    std::unique_ptr<rocksdb::Iterator> at{db_->NewIterator(options)};
    if (descending) {
        // The last key with the prefix stands before the first that would follow all of them.
        std::string beyond = prefix;
        while (!beyond.empty() && beyond.back() == '\xff') beyond.pop_back();
        if (!beyond.empty()) ++beyond.back();
        at->SeekForPrev(beyond);
        if (at->Valid() && at->key() == beyond) at->Prev();
    } else {
        at->Seek(prefix);
    }
    return {build_.view, std::move(at), std::move(prefix), descending};
}

ViewMoment::Cursor ViewMoment::rows(List list, bool descending) const {
    return begin(keys::row_prefix(build_, list), descending);
}

ViewMoment::Cursor ViewMoment::keys(std::string_view index, std::string_view value,
                                    bool descending) const {
    return begin(keys::index_prefix(build_, index, value), descending);
}

ViewMoment::Cursor::Cursor(std::string view, std::unique_ptr<rocksdb::Iterator> at,
                           std::string prefix, bool descending)
    : view_(std::move(view)),
      at_(std::move(at)),
      prefix_(std::move(prefix)),
      descending_(descending) {}

ViewMoment::Cursor::Cursor(Cursor&&) noexcept = default;
ViewMoment::Cursor::~Cursor() = default;

bool ViewMoment::Cursor::at_end() const {
    return !at_->Valid() || !at_->key().starts_with(prefix_);
}

std::string_view ViewMoment::Cursor::key() const {
    return at_->key().ToStringView().substr(prefix_.size());
}

void ViewMoment::Cursor::next() {
    if (descending_)
        at_->Prev();
    else
        at_->Next();
}

StoreResult<void> ViewMoment::Cursor::status() const {
    if (!at_->status().ok()) return std::unexpected(keys::io_error(at_->status()));
    return {};
}

StoreResult<std::string_view> ViewMoment::Cursor::json() const {
    const auto json = json_of(at_->value().ToStringView());
    if (!json) return std::unexpected(keys::damaged(view_));
    return *json;
}

}  // namespace yeyak::projections
