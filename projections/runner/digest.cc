#include "projections/runner/digest.h"

#include <algorithm>

#include "eventstore/bytes.h"

namespace yeyak::projections {

RowDigest::RowDigest(std::string view, std::uint32_t projector_version, Position position)
    : result_{std::move(view), projector_version, position, 0, 0, {}} {
    std::string header;
    eventstore::put_text(header, "yeyak view digest 1");
    eventstore::put_text(header, result_.view);
    eventstore::put_varint(header, projector_version);
    eventstore::put_varint(header, position);
    hash_.update(header);
}

void RowDigest::add(List list, std::string_view key, std::string_view stored) {
    ++(list == List::active ? result_.listed : result_.cancelled);
    head_.assign(1, static_cast<char>(list));
    eventstore::put_text(head_, key);
    eventstore::put_varint(head_, stored.size());
    hash_.update(head_);
    hash_.update(stored);
}

ViewDigest RowDigest::finish() {
    std::string end = "n";
    eventstore::put_varint(end, result_.listed);
    eventstore::put_varint(end, result_.cancelled);
    hash_.update(end);
    result_.digest = hash_.finish();
    return result_;
}

StoreResult<ViewDigest> digest_of(const ViewStore& store, const Build& build,
                                  std::uint32_t projector_version) {
    const auto frozen = store.freeze(build);
    const auto position = frozen.checkpoint();
    if (!position) return std::unexpected(position.error());
    RowDigest digest{build.view, projector_version, *position};
    const auto read = frozen.rows([&](List list, std::string_view key, std::string_view stored) {
        digest.add(list, key, stored);
        return true;
    });
    if (!read) return std::unexpected(read.error());
    return digest.finish();
}

}  // namespace yeyak::projections
