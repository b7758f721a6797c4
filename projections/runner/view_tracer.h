// The tracer of a view of a given type. It reads events and folds them with the same code as the
// builder; see part.h.
#pragma once
#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "projections/runner/part.h"
#include "projections/runner/trace.h"

namespace yeyak::projections {

template <class V>
class ViewTracer final : public Tracer {
  public:
    explicit ViewTracer(const std::vector<std::string>& keys) {
        for (const auto& key : keys) rows_.try_emplace(key);
    }

    StoreResult<std::optional<Touch>> step(const eventstore::RecordedEvent& recorded) override {
        const auto step = Part<V>::read(recorded);
        if (!step.error.empty())
            return std::unexpected(
                StoreError{StoreError::Kind::corrupt,
                           fmt::format("view {}: event {} ({}) {}", V::name, recorded.position,
                                       recorded.data.type, step.error)});
        if (!step.concerns || !step.key) return std::nullopt;
        const auto traced = rows_.find(*step.key);
        if (traced == rows_.end()) return std::nullopt;
        auto& live = traced->second;
        if (!Part<V>::fold_once(live.row, live.seen, step)) return std::nullopt;
        Touch touch{*step.key, std::move(live.stored), {live.seen, to_json(live.row)}};
        touch.list = V::cancelled(live.row) ? List::cancelled : List::active;
        live.stored = touch.after;
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
// the event cannot be applied.
template <class V>
std::expected<bool, std::string> try_for_view(const eventstore::RecordedEvent& recorded) {
    const auto step = Part<V>::read(recorded);
    if (!step.error.empty()) return std::unexpected(step.error);
    if (!step.concerns || !step.key) return false;
    typename V::Row row{};
    std::vector<std::uint64_t> seen(source_count<V>);
    return Part<V>::fold_once(row, seen, step);
}

}  // namespace yeyak::projections
