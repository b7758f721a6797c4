// What each event did to single rows of a view: the rows are folded again from the log, apart from
// every build, and each event that counted is told with the row before and after it. Bounded by the
// number of rows that are traced, whatever the length of the log.
#pragma once
#include <fmt/format.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "projections/runner/sources.h"
#include "projections/runner/view_store.h"

namespace yeyak::projections {

struct Touch {
    std::string key;
    std::optional<StoredRow> before;  // none: the row began with this event
    StoredRow after;
    List list = List::active;  // where the row stands now
};

// One thread.
class Tracer {
  public:
    virtual ~Tracer() = default;
    // Events in the order of the log; those of other categories may be left out. Answers what the
    // event did when it counted for a traced row.
    virtual StoreResult<std::optional<Touch>> step(const eventstore::RecordedEvent& recorded) = 0;
    // The JSON of a row that no event has made yet.
    virtual std::string blank() const = 0;
};

template <class V>
StoreError unreadable_event(const eventstore::RecordedEvent& recorded, const JsonError& error) {
    return {StoreError::Kind::corrupt,
            fmt::format("view {}: event {} ({}): {} {}", V::name, recorded.position,
                        recorded.data.type, error.field, error.detail)};
}

template <class V>
class ViewTracer final : public Tracer {
  public:
    explicit ViewTracer(const std::vector<std::string>& keys) {
        for (const auto& key : keys) rows_.try_emplace(key);
    }

    StoreResult<std::optional<Touch>> step(const eventstore::RecordedEvent& recorded) override {
        std::optional<Touch> touch;
        const auto read = read_for_view<V>(recorded, [&](const auto& event, std::size_t source) {
#ifdef YEYAK_MUTANT_explain_first_source_only
            if (source > 0) return;
#endif
            const auto key = V::key(event);
            const auto traced = key ? rows_.find(*key) : rows_.end();
            if (traced == rows_.end()) return;
            auto& live = traced->second;
            if (!fold_once<V>(live.row, live.seen, source, event, recorded)) return;
            StoredRow after{live.seen, to_json(live.row)};
            if (!touch) touch = Touch{*key, live.stored, {}, List::active};
            touch->after = after;
            touch->list = V::cancelled(live.row) ? List::cancelled : List::active;
            live.stored = std::move(after);
        });
        if (!read) return std::unexpected(unreadable_event<V>(recorded, read.error()));
        return touch;
    }

    std::string blank() const override { return to_json(typename V::Row{}); }

  private:
    struct Live {
        typename V::Row row{};
        std::vector<std::uint64_t> seen = std::vector<std::uint64_t>(source_count<V>);
        std::optional<StoredRow> stored;
    };
    std::map<std::string, Live> rows_;
};

// Folds one event into an empty row, to see that the view can: whether any row comes of it, or why
// the event cannot be read.
template <class V>
std::expected<bool, JsonError> try_for_view(const eventstore::RecordedEvent& recorded) {
    bool folds = false;
    const auto read = read_for_view<V>(recorded, [&](const auto& event, std::size_t) {
        if (!V::key(event)) return;
        typename V::Row row{};
        V::apply(row, event, recorded.time);
        folds = true;
    });
    if (!read) return std::unexpected(read.error());
    return folds;
}

}  // namespace yeyak::projections
