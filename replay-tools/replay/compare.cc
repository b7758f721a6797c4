#include "replay-tools/replay/compare.h"

#include <fmt/format.h>

#include <memory>

#include "eventstore/bytes.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

using eventstore::ByteReader;
using Kind = BuildCursor::Kind;

// Takes the entries of a cursor that stands at its beginning.
class Digest {
  public:
    Digest(const BuildCursor& at, std::uint32_t projector_version)
        : rows_(at.build().view, projector_version,
                at.valid() && at.kind() == Kind::state ? ByteReader{at.value()}.varint() : 0) {}
    void add(const BuildCursor& at) {
        if (at.kind() != Kind::row || at.key().empty()) return;
        rows_.add(static_cast<projections::List>(at.key().front()), at.key().substr(1), at.value());
    }
    projections::ViewDigest finish() { return rows_.finish(); }

  private:
    projections::RowDigest rows_;
};

// Keys of eight bytes are numbers: see number_key().
std::string key_text(std::string_view key) {
    if (key.size() != 8) return printable(key);
    return std::to_string(
        static_cast<std::int64_t>(ByteReader{key}.u64_be() ^ (std::uint64_t{1} << 63)));
}

std::string describe(Kind kind, std::string_view key) {
    if (kind == Kind::state) return "checkpoint and counts";
    if (kind == Kind::row)
        return fmt::format("row {}{}", key_text(key.substr(1)),
                           key.starts_with('x') ? " (cancelled)" : "");
    ByteReader reader{key};
    const auto index = reader.text();
    const auto value = reader.text();
    return fmt::format("index entry {}={} of row {}", printable(index), printable(value),
                       key_text(reader.rest()));
}

projections::RowFields fields_of(std::string_view value) {
    ByteReader reader{value};
    projections::StoredRow row;
    const auto sources = reader.varint();
    for (std::uint64_t i = 0; i < sources && reader.ok(); ++i) row.seen.push_back(reader.varint());
    row.json = reader.rest();
    return tools::fields_of(row);
}

std::vector<FieldChange> changes_of(Kind kind, std::string_view live, std::string_view rebuilt) {
    if (kind == Kind::index) return {};
    if (kind == Kind::state) {
        const auto numbers = [](std::string_view value) {
            ByteReader reader{value};
            const auto checkpoint = reader.varint();
            const auto active = reader.varint();
            return fmt::format("{} / {} / {}", checkpoint, active, reader.varint());
        };
        return {{"checkpoint / listed / cancelled", numbers(live), numbers(rebuilt)}};
    }
    const auto text = [](const std::optional<std::string>& field) {
        return field ? printable(*field) : std::string{"(none)"};
    };
    std::vector<FieldChange> changes;
    for (const auto& change : projections::changes_between(fields_of(live), fields_of(rebuilt)))
        changes.push_back({change.field, text(change.before), text(change.after)});
    if (changes.empty()) changes.push_back({"(bytes)", printable(live), printable(rebuilt)});
    return changes;
}

void count(Comparison& result, Difference::Kind how, Kind kind) {
    if (kind == Kind::state) {
        result.counts_differ = true;
        return;
    }
    const bool row = kind == Kind::row;
    switch (how) {
        case Difference::Kind::added:
            ++(row ? result.rows_added : result.index_added);
            break;
        case Difference::Kind::removed:
            ++(row ? result.rows_removed : result.index_removed);
            break;
        case Difference::Kind::changed:
            ++(row ? result.rows_changed : result.index_changed);
            break;
    }
}

}  // namespace

projections::RowFields fields_of(const projections::StoredRow& row) {
    auto fields = projections::fields_of_row(row.json);
    fields.emplace_back("seen", fmt::format("{}", fmt::join(row.seen, ",")));
    return fields;
}

bool Comparison::same() const {
    return rows_added + rows_removed + rows_changed + index_added + index_removed + index_changed ==
               0 &&
           !counts_differ;
}

eventstore::StoreResult<Comparison> compare_builds(BuildCursor live, BuildCursor rebuilt,
                                                   std::uint32_t projector_version,
                                                   std::size_t max_samples) {
    Comparison result;
    Digest live_digest{live, projector_version};
    Digest rebuilt_digest{rebuilt, projector_version};
    std::size_t room_for_rows = max_samples;
    std::size_t room_for_others = max_samples;
    const auto differs = [&](Difference::Kind how, const BuildCursor& at) {
        count(result, how, at.kind());
        auto& room = at.kind() == Kind::row ? room_for_rows : room_for_others;
        if (room == 0) return;
        --room;
        Difference difference{how, at.kind(), describe(at.kind(), at.key()), {}};
        if (at.kind() == Kind::row) difference.key = at.key().substr(1);
        if (how == Difference::Kind::changed)
            difference.changes = changes_of(at.kind(), live.value(), rebuilt.value());
        result.samples.push_back(std::move(difference));
    };
    while (live.valid() || rebuilt.valid()) {
        const int order = compare(live, rebuilt);
        if (order < 0) differs(Difference::Kind::removed, live);
        if (order > 0) differs(Difference::Kind::added, rebuilt);
        if (order == 0 && live.value() != rebuilt.value()) differs(Difference::Kind::changed, live);
        if (order <= 0) {
            live_digest.add(live);
            live.next();
        }
        if (order >= 0) {
            if (rebuilt.kind() == Kind::row) ++result.rows;
            rebuilt_digest.add(rebuilt);
            rebuilt.next();
        }
    }
    for (const auto* cursor : {&live, &rebuilt})
        if (auto readable = cursor->status(); !readable)
            return std::unexpected(std::move(readable).error());
    result.live_digest = live_digest.finish();
    result.rebuilt_digest = rebuilt_digest.finish();
    return result;
}

}  // namespace yeyak::tools
