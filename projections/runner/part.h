// The rows of one part of a view while they are being changed: all of them, or those whose keys
// fall into the part when several threads build a view. One thread at a time.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <map>
#include <new>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

#include "eventstore/hash.h"
#include "eventstore/lru_map.h"
#include "kernel/events.h"
#include "kernel/json.h"
#include "projections/runner/counting.h"
#include "projections/runner/projector.h"
#include "projections/runner/sources.h"

namespace yeyak::projections {

// The events that a view is made of, with the contracts they come from.
template <class V, class = void>
struct SourcesOf {
    using Event = typename decltype(V::read(
        std::declval<const eventstore::RecordedEvent&>()))::value_type::value_type;
    using Decoded = std::variant<std::monostate, Event>;
};
template <class V>
struct SourcesOf<V, std::void_t<typename V::Sources>> {
    template <class>
    struct Of;
    template <class... Contract>
    struct Of<std::tuple<Contract...>> {
        using type = std::variant<std::monostate, typename Contract::Event...>;
    };
    using Decoded = typename Of<typename V::Sources>::type;
};

template <class V>
class Part {
  public:
    using Row = typename V::Row;
    using Sources = SourcesOf<V>;

    // An event on its way into a row.
    struct Step {
        const eventstore::RecordedEvent* recorded = nullptr;
        typename Sources::Decoded event;  // its alternative is the source's number plus 1
        std::optional<std::string> key;   // of the row that it changes
        std::size_t part = 0;
        bool concerns = false;  // whether it is an event of the view
        std::string error;      // why it cannot be read or applied
    };

    Part(ViewStore& store, const Build& build, bool fresh, std::size_t max_cached)
        : store_(store),
          build_(build),
          fresh_(fresh),
          cache_(std::max<std::size_t>(1, max_cached)) {}

    static bool reads(std::string_view category) {
        if constexpr (reads_itself<V>)
            return true;
        else
            return source_of(category) != source_count<V>;
    }

    static std::size_t number_of(const std::optional<std::string>& key, std::size_t parts) {
        return key ? static_cast<std::size_t>(eventstore::xxh3(*key, 0) % parts) : 0;
    }

    // Reads the event and finds its key. What is thrown becomes the step's error.
    static Step read(const eventstore::RecordedEvent& recorded) {
        Step step;
        step.recorded = &recorded;
        const auto failed = guarded([&] { decode(step); });
        if (!failed.empty()) {
            step.concerns = true;
            step.error = failed;
        }
        return step;
    }

    // Folds a step into a row that has not counted its event yet, and says whether it did. `seen`
    // holds the last version of each source that the row has counted.
    static bool fold_once(Row& row, std::vector<std::uint64_t>& seen, const Step& step) {
        const auto source = step.event.index() - 1;
        if (counted_already(seen[source], step.recorded->version)) return false;
        seen[source] = step.recorded->version;
        const auto apply = [&](const auto& event) { V::apply(row, event, step.recorded->time); };
        std::visit(
            [&]<class E>(const E& event) {
                if constexpr (std::is_same_v<E, std::monostate>)
                    return;
                else if constexpr (reads_itself<V>)
                    apply(event);
                else
                    std::visit(apply, event);
            },
            step.event);
        return true;
    }

    bool dirty() const { return !dirty_.empty(); }
    void forget_changes() { dirty_.clear(); }

    // Folds the steps of this part in order. False when the projector threw: then what was changed
    // must be forgotten.
    bool fold(const std::vector<Step>& steps, std::size_t part, std::optional<StoreError>& failed) {
        const auto threw = guarded([&] {
            for (const auto& step : steps) {
                if (!step.concerns || step.part != part || !step.key) continue;
                if (auto folded = fold(step); !folded) {
                    failed = std::move(folded).error();
                    return;
                }
            }
        });
        return threw.empty();
    }

    // One step; answers what the projector threw, and then leaves the row as it was.
    StoreResult<std::string> fold_carefully(const Step& step) {
        if (!step.key) return std::string{};
        const auto known = dirty_.find(*step.key);
        std::optional<Live> before;
        if (known != dirty_.end()) before = known->second;
        StoreResult<void> folded;
        auto threw = guarded([&] { folded = fold(step); });
        if (!threw.empty()) {
            if (before)
                dirty_.at(*step.key) = *std::move(before);
            else
                dirty_.erase(*step.key);
        }
        if (!folded) return std::unexpected(std::move(folded).error());
        return threw;
    }

    // Moves what was changed into `changes`, and adds to `counts` how many more rows there are.
    void collect(ViewStore::Changes& changes, RowCounts& counts) {
        const auto count = [&](List list) -> std::int64_t& {
            return list == List::active ? counts.active : counts.cancelled;
        };
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
            auto indexes = V::indexes(live.row);
            for (const auto& old : live.indexes)
                if (std::ranges::find(indexes, old) == indexes.end())
                    changes.remove_index(old.index, old.value, key);
            for (const auto& now : indexes)
                if (std::ranges::find(live.indexes, now) == live.indexes.end())
                    changes.put_index(now.index, now.value, key);
            live.list = list;
            live.indexes = std::move(indexes);
        }
        if (!dirty_.empty()) greatest_ = std::max(greatest_, dirty_.rbegin()->first);
        for (auto& [key, live] : dirty_) cache_.put(key, std::move(live));
        dirty_.clear();
    }

  private:
    struct Live {
        Row row{};
        std::vector<std::uint64_t> seen = std::vector<std::uint64_t>(source_count<V>);
        // What is stored of the row: where, and under which index values.
        std::optional<List> list;
        std::vector<IndexValue> indexes;
    };

    // What was thrown, and nothing when all went well.
    template <class Work>
    static std::string guarded(Work work) {
        try {
            work();
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& thrown) {
            return fmt::format("the projector failed: {}", thrown.what());
        }
        return {};
    }

    static std::size_t source_of(std::string_view category) {
        std::size_t source = 0;
        std::apply(
            [&](auto... contract) {
                (void)((category == decltype(contract)::category || (++source, false)) || ...);
            },
            typename V::Sources{});
        return source;
    }

    static std::string unreadable(const JsonError& error) {
        return fmt::format("cannot be read: {}{}{}", error.field, error.field.empty() ? "" : " ",
                           error.detail);
    }

    static void decode(Step& step) {
        const auto& recorded = *step.recorded;
        if constexpr (reads_itself<V>) {
            auto event = V::read(recorded);
            step.concerns = !event || *event;
            if (!event) step.error = unreadable(event.error());
            if (!event || !*event) return;
            step.key = V::key(**event);
            step.event.template emplace<1>(**std::move(event));
        } else {
            const auto source = source_of(eventstore::category_of(recorded.stream));
            if (source != source_count<V>) decode_from(step, source);
        }
    }

    static void decode_from(Step& step, std::size_t source) {
        const auto& data = step.recorded->data;
        step.concerns = true;
        const auto from = [&]<std::size_t Number>(std::integral_constant<std::size_t, Number>) {
            if (Number != source) return;
            using Contract = std::tuple_element_t<Number, typename V::Sources>;
            auto event = decode_event<typename Contract::Event>(data.type, data.payload);
            if (!event) {
                step.error = unreadable(event.error());
                return;
            }
            step.key = std::visit([](const auto& e) { return V::key(e); }, *event);
            step.event.template emplace<Number + 1>(*std::move(event));
        };
        [&]<std::size_t... Number>(std::index_sequence<Number...>) {
            (from(std::integral_constant<std::size_t, Number>{}), ...);
        }(std::make_index_sequence<source_count<V>>{});
    }

    StoreResult<void> fold(const Step& step) {
        auto live = load(*step.key);
        if (!live) return std::unexpected(std::move(live).error());
        fold_once((*live)->row, (*live)->seen, step);
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
                if (!row || (*stored)->seen.size() != source_count<V>)
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

    ViewStore& store_;
    Build build_;
    // A build that began empty holds no key beyond the greatest one it was given.
    bool fresh_;
    std::string greatest_;
    std::map<std::string, Live> dirty_;
    LruMap<Live> cache_;
};

}  // namespace yeyak::projections
