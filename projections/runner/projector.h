// A view as data and pure functions:
//
//   struct Receipts {
//       static constexpr std::string_view name = "receipts";      // as in /receipts
//       static constexpr std::string_view context = "receipt";    // what stops it
//       static constexpr std::uint32_t version = 1;               // a new shape or rule: a rebuild
//       using Sources = Contracts<ReceiptContract>;               // whose events it is made of
//       struct Row { ... };                                       // described; what readers get
//       static std::optional<std::string> key(const E& event);    // for every event of the sources
//       static void apply(Row&, const E& event, Instant at);      // for every event of the sources
//       static bool cancelled(const Row&);                        // listed only on request
//       static std::vector<IndexValue> indexes(const Row&);       // what lists can be filtered by
//   };
//
// A view whose events are not those of a fixed list of contracts declares, instead of Sources,
//       static std::expected<std::optional<E>, JsonError> read(const RecordedEvent&);
// and may say which categories a row is made of, so that its history is found without the rest:
//       static std::vector<std::string> categories_of(std::string_view key);
//
// An event that no apply() folds does not compile. A projector never causes effects, so that a
// replay never charges or notifies anybody. Events of one stream reach a row in order and count
// once; events of different streams may come in any order.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregates/kernel/ensure.h"
#include "aggregates/kernel/events.h"
#include "aggregates/kernel/saga.h"
#include "eventstore/lru_map.h"
#include "projections/runner/trace.h"
#include "projections/runner/view_store.h"

namespace yeyak::projections {

struct IndexValue {
    std::string index;
    std::string value;
    friend auto operator<=>(const IndexValue&, const IndexValue&) = default;
};

// When a checkpoint is stored that no row has changed with: at once, or some time later. Until then
// a crash only means that those events are looked at again.
enum class Keep { now, lazily };

// Brings one build of a view forward. One thread.
class Builder {
  public:
    virtual ~Builder() = default;
    virtual Position checkpoint() const = 0;
    // Applies events in order, from checkpoint() + 1 on, and commits rows and checkpoint together.
    // An event that cannot be read stops the view with its position in the error, after all before
    // it was committed. An error is final: build on with a new builder.
    virtual StoreResult<void> apply(const std::vector<eventstore::EventPtr>& events,
                                    Keep keep = Keep::now) = 0;
    // From now on events that are none of the view's business are left out: see View::categories().
    virtual void expect_gaps() = 0;
};

// What the program knows of a view without its types.
class View {
  public:
    virtual ~View() = default;
    virtual std::string_view name() const = 0;
    virtual std::string_view context() const = 0;
    virtual std::uint32_t version() const = 0;
    virtual StoreResult<std::unique_ptr<Builder>> builder(ViewStore& store,
                                                          const Build& build) const = 0;
    // The categories of all events that can concern the view, or the row of `key` when it is not
    // empty; none: events of any category can.
    virtual std::vector<std::string> categories(std::string_view key = {}) const = 0;
    virtual std::unique_ptr<Tracer> tracer(const std::vector<std::string>& keys) const = 0;
    // Whether an event is folded into a row, or why the view cannot read it.
    virtual std::expected<bool, JsonError> try_event(
        const eventstore::RecordedEvent& recorded) const = 0;
};

using Views = std::vector<std::unique_ptr<View>>;

template <class V>
class ViewBuilder final : public Builder {
  public:
    using Row = typename V::Row;
    static constexpr std::size_t max_cached = 20'000;
    static constexpr Position max_events_unkept = 10'000;

    ViewBuilder(ViewStore& store, Build build, Position checkpoint, RowCounts counts)
        : store_(store), build_(std::move(build)), checkpoint_(checkpoint), counts_(counts) {}

    Position checkpoint() const override { return checkpoint_; }

    StoreResult<void> apply(const std::vector<eventstore::EventPtr>& events, Keep keep) override {
        if (failure_) return std::unexpected(*failure_);
        StoreResult<void> applied;
        for (const auto& event : events) {
            ensure(gaps_ ? event->position > checkpoint_ : event->position == checkpoint_ + 1,
                   "a view sees every position once, in order");
            applied = apply_one(*event);
            if (!applied) break;
            checkpoint_ = event->position;
        }
        const bool later =
            keep == Keep::lazily && dirty_.empty() && checkpoint_ - kept_ < max_events_unkept;
        if (applied && (later || kept_ == checkpoint_)) return {};
        if (auto committed = commit(); !committed) applied = committed;
        if (!applied) failure_ = applied.error();
        return applied;
    }

    void expect_gaps() override { gaps_ = true; }

  private:
    static constexpr std::size_t sources = source_count<V>;
    struct Live {
        Row row{};
        std::vector<std::uint64_t> seen = std::vector<std::uint64_t>(sources);
        // What is stored of the row: where, and under which index values.
        std::optional<List> list;
        std::vector<IndexValue> indexes;
    };

    StoreResult<void> apply_one(const eventstore::RecordedEvent& recorded) {
        StoreResult<void> result;
        const auto read = read_for_view<V>(recorded, [&](const auto& event, std::size_t source) {
            if (result) result = fold(event, recorded, source);
        });
        if (!read) return std::unexpected(unreadable_event<V>(recorded, read.error()));
        return result;
    }

    template <class E>
    StoreResult<void> fold(const E& event, const eventstore::RecordedEvent& recorded,
                           std::size_t source) {
        const auto key = V::key(event);
        if (!key) return {};
        auto live = load(*key);
        if (!live) return std::unexpected(std::move(live).error());
        fold_once<V>((*live)->row, (*live)->seen, source, event, recorded);
        return {};
    }

    StoreResult<Live*> load(const std::string& key) {
        if (const auto dirty = dirty_.find(key); dirty != dirty_.end()) return &dirty->second;
        Live live;
        if (Live* cached = cache_.find(key)) {
            live = *cached;
        } else if (!fresh_ || key <= greatest_) {
            const auto stored = store_.row(build_, key);
            if (!stored) return std::unexpected(stored.error());
            if (*stored) {
                auto row = from_json<Row>((*stored)->json);
                if (!row || (*stored)->seen.size() != sources)
                    return std::unexpected(
                        StoreError{StoreError::Kind::corrupt,
                                   fmt::format("view {}: a row is not of this version", V::name)});
                live.row = *std::move(row);
                live.seen = (*stored)->seen;
                live.list = list_of(live.row);
                live.indexes = V::indexes(live.row);
            }
        }
        return &dirty_.emplace(key, std::move(live)).first->second;
    }

    static List list_of(const Row& row) {
        return V::cancelled(row) ? List::cancelled : List::active;
    }

    StoreResult<void> commit() {
        ViewStore::Changes changes{build_};
        for (auto& [key, live] : dirty_) {
            const List list = list_of(live.row);
            if (live.list != list) {
                if (live.list) changes.remove(*live.list, key);
                if (live.list) --count(*live.list);
                ++count(list);
            }
            StoredRow stored;
            stored.seen = live.seen;
            stored.json = to_json(live.row);
            changes.put(list, key, stored);
        }
        for (auto& [key, live] : dirty_) {
            auto indexes = V::indexes(live.row);
            for (const auto& old : live.indexes)
                if (std::ranges::find(indexes, old) == indexes.end())
                    changes.remove_index(old.index, old.value, key);
            for (const auto& now : indexes)
                if (std::ranges::find(live.indexes, now) == live.indexes.end())
                    changes.put_index(now.index, now.value, key);
            live.list = list_of(live.row);
            live.indexes = std::move(indexes);
            cache_.put(key, std::move(live));
        }
        if (!dirty_.empty()) greatest_ = std::max(greatest_, dirty_.rbegin()->first);
        dirty_.clear();
        kept_ = checkpoint_;
        return store_.write(changes, checkpoint_, counts_);
    }

    std::int64_t& count(List list) {
        return list == List::active ? counts_.active : counts_.cancelled;
    }

    ViewStore& store_;
    Build build_;
    Position checkpoint_;
    Position kept_ = checkpoint_;  // as far as the store knows
    RowCounts counts_;
    std::optional<StoreError> failure_;
    bool gaps_ = false;
    // A build that began empty holds no key beyond the greatest one it was given.
    bool fresh_ = checkpoint_ == 0;
    std::string greatest_;
    std::map<std::string, Live> dirty_;
    LruMap<Live> cache_{max_cached};
};

template <class V>
class ViewOf final : public View {
  public:
    std::string_view name() const override { return V::name; }
    std::string_view context() const override { return V::context; }
    std::uint32_t version() const override { return V::version; }
    StoreResult<std::unique_ptr<Builder>> builder(ViewStore& store,
                                                  const Build& build) const override {
        const auto checkpoint = store.checkpoint(build);
        if (!checkpoint) return std::unexpected(checkpoint.error());
        const auto counts = store.counts(build);
        if (!counts) return std::unexpected(counts.error());
        return std::make_unique<ViewBuilder<V>>(store, build, *checkpoint, *counts);
    }
    std::vector<std::string> categories(std::string_view key) const override {
        if constexpr (requires { V::categories_of(key); })
            if (!key.empty()) return V::categories_of(key);
        return categories_of_view<V>();
    }
    std::unique_ptr<Tracer> tracer(const std::vector<std::string>& keys) const override {
        return std::make_unique<ViewTracer<V>>(keys);
    }
    std::expected<bool, JsonError> try_event(
        const eventstore::RecordedEvent& recorded) const override {
        return try_for_view<V>(recorded);
    }
};

}  // namespace yeyak::projections
