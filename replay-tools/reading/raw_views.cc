#include "replay-tools/reading/raw_views.h"

#include <fmt/format.h>
#include <rocksdb/iterator.h>

#include "eventstore/bytes.h"

namespace yeyak::tools {
namespace {

using eventstore::ByteReader;
using eventstore::StoreError;
using eventstore::StoreResult;

std::string prefix_of(BuildCursor::Kind kind, const Build& build) {
    std::string prefix(1, static_cast<char>(kind));
    prefix += build.view;
    prefix += '\0';
    eventstore::put_u64_be(prefix, build.generation);
    return prefix;
}

}  // namespace

BuildCursor::BuildCursor(const RawDatabase& db, Build build)
    : build_(std::move(build)), at_(db.iterate(0, true)) {
    seek();
}

BuildCursor::BuildCursor(BuildCursor&&) noexcept = default;
BuildCursor::~BuildCursor() = default;

bool BuildCursor::valid() const { return at_->Valid() && at_->key().starts_with(prefix_); }

std::string_view BuildCursor::key() const {
    return at_->key().ToStringView().substr(prefix_.size());
}

std::string_view BuildCursor::value() const { return at_->value().ToStringView(); }

void BuildCursor::seek() {
    for (;; ++at_kind_) {
        prefix_ = prefix_of(kind(), build_);
        at_->Seek(prefix_);
        if (valid() || at_kind_ + 1 == std::size(kinds)) return;
    }
}

void BuildCursor::next() {
    at_->Next();
    if (valid() || at_kind_ + 1 == std::size(kinds)) return;
    ++at_kind_;
    seek();
}

StoreResult<void> BuildCursor::status() const {
    if (!at_->status().ok()) return std::unexpected(read_error(at_->status()));
    return {};
}

int compare(const BuildCursor& a, const BuildCursor& b) {
    if (!a.valid() || !b.valid()) return a.valid() ? -1 : b.valid() ? 1 : 0;
    if (a.at_kind_ != b.at_kind_) return a.at_kind_ < b.at_kind_ ? -1 : 1;
    return a.key().compare(b.key());
}

StoreResult<std::unique_ptr<RawViews>> RawViews::open(const std::filesystem::path& folder) {
    if (!std::filesystem::exists(folder / "CURRENT")) return nullptr;
    auto db = RawDatabase::open(folder, {});
    if (!db) return std::unexpected(std::move(db).error());
    auto views = std::make_unique<RawViews>();
    views->db_ = *std::move(db);
    return views;
}

StoreResult<std::optional<ActiveBuild>> RawViews::active(std::string_view view) const {
    const auto value = db_->get(0, fmt::format("m{}", view));
    if (!value) return std::unexpected(value.error());
    if (!*value) return std::nullopt;
    ByteReader reader{**value};
    ActiveBuild active;
    active.build = {std::string{view}, reader.varint()};
    active.projector_version = reader.varint();
    if (reader.ok()) return active;
    return std::unexpected(
        StoreError{StoreError::Kind::corrupt,
                   fmt::format("what names the live build of {} is damaged", view)});
}

StoreResult<eventstore::Position> RawViews::checkpoint(const Build& build) const {
    const auto value = db_->get(0, prefix_of(BuildCursor::Kind::state, build));
    if (!value) return std::unexpected(value.error());
    if (!*value) return 0;
    return ByteReader{**value}.varint();
}

}  // namespace yeyak::tools
