// Views as of earlier positions and the histories of rows, on random logs of every system: what is
// folded from the events of a view's categories alone is what a build of everything showed then,
// and the events that made a row are those without which it would be another one.
#include "projections/runner/as_of.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "eventstore/memory_store.h"
#include "kernel/ensure.h"
#include "projections/runner/row_history.h"
#include "tests/projections/built_views.h"

namespace yeyak::tests {
namespace {

using eventstore::Position;
using projections::Build;
using projections::List;
using projections::StoredRow;

// The log in a store, so that it can be read by category.
std::unique_ptr<eventstore::MemoryStore> store_of(const Log& log) {
    auto store = std::make_unique<eventstore::MemoryStore>();
    for (const auto& event : log) {
        eventstore::Commit commit;
        commit.time = event->time;
        commit.appends.push_back({event->stream, eventstore::Expected::any(), {event->data}});
        ensure(store->stage(std::move(commit)).has_value(), "an event of the test is staged");
    }
    ensure(store->flush().has_value(), "the test's log is in memory");
    return store;
}

Log log_at_times(const std::vector<std::int64_t>& times) {
    Log log;
    for (const auto ms : times) {
        auto event = std::make_shared<eventstore::RecordedEvent>();
        event->stream = "other-" + std::to_string(log.size());
        event->data.type = "t";
        event->data.payload = "{}";
        event->time = {ms};
        log.push_back(event);
    }
    return log;
}

TEST(AsOf, folds_what_the_view_showed_then) {
    std::mt19937_64 random{31};
    Bench bench;
    for (int round = 0; round < 6; ++round) {
        const auto log = interleave(random, some_streams(random, 8));
        const auto store = store_of(log);
        const auto position = random() % log.size();
        const auto shown = bench.built_at_once(part_of(log, position));
        Folder folder;
        {
            const auto aside = open_views(folder.path());
            for (const auto& view : all_views()) {
                const auto between = position == 0 ? 0 : random() % position;
                Position after = 0;
                for (const auto last : {between, position}) {  // the second goes on from the first
                    const auto builder = *view->builder(*aside, {name_of(*view), 1});
                    const projections::FoldRange range{after, last, 1 + random() % 9};
                    ASSERT_TRUE(
                        projections::fold_up_to(*store, *view, *builder, range, {}).has_value());
                    after = last;
                }
            }
        }
        for (const auto& [view, stored] : stored_in(folder.path(), 1))
            EXPECT_EQ(without_checkpoint(stored), without_checkpoint(shown.at(view)))
                << view << " as of " << position << " of " << log.size();
    }
}

TEST(AsOf, can_be_stopped) {
    std::mt19937_64 random{32};
    const auto store = store_of(interleave(random, some_streams(random, 4)));
    Folder folder;
    const auto aside = open_views(folder.path());
    const auto& view = *tests::find_view("payments");
    const auto builder = *view.builder(*aside, {"payments", 1});
    const auto folded = projections::fold_up_to(*store, view, *builder, {0, store->head(), 2},
                                                [](Position) { return false; });
    ASSERT_FALSE(folded.has_value());
    EXPECT_EQ(folded.error().detail, "interrupted");
}

TEST(AsOf, a_time_is_the_last_event_that_is_not_later) {
    const auto store = store_of(log_at_times({10, 10, 20, 20, 20, 35}));
    const std::vector<std::pair<std::int64_t, Position>> expected{
        {0, 0}, {9, 0}, {10, 2}, {15, 2}, {20, 5}, {34, 5}, {35, 6}, {1000, 6}};
    for (const auto& [ms, position] : expected)
        EXPECT_EQ(*projections::position_at(*store, {ms}), position) << ms;
    const eventstore::MemoryStore nothing;
    EXPECT_EQ(*projections::position_at(nothing, {10}), 0U);
}

TEST(AsOf, where_the_clock_was_set_back_the_next_event_is_later) {
    std::mt19937_64 random{33};
    for (int round = 0; round < 50; ++round) {
        std::vector<std::int64_t> times;
        std::int64_t now = 1000;
        for (std::size_t i = 0; i < 1 + random() % 60; ++i) {
            if (random() % 10 == 0) now -= static_cast<std::int64_t>(random() % 400);
            times.push_back(now += static_cast<std::int64_t>(random() % 30));
        }
        const auto store = store_of(log_at_times(times));
        const Instant at{500 + static_cast<std::int64_t>(random() % 1500)};
        const auto position = *projections::position_at(*store, at);
        if (position > 0) EXPECT_LE(times[position - 1], at.ms);
        if (position < times.size()) EXPECT_GT(times[position], at.ms);
        // Later events that are later do not change what a moment means.
        times.insert(times.end(), 1 + random() % 100, 5000);
        EXPECT_EQ(*projections::position_at(*store_of(log_at_times(times)), at), position);
    }
}

TEST(AsOf, reads_positions_and_times) {
    using projections::parse_as_of;
    EXPECT_EQ(parse_as_of("17"), projections::AsOfPoint{Position{17}});
    const projections::AsOfPoint noon{*parse_instant("2026-11-20T03:00:00Z")};
    EXPECT_EQ(parse_as_of("2026-11-20T12:00:00+09:00"), noon);
    EXPECT_EQ(parse_as_of("2026-11-20T12:00:00 09:00"), noon);  // "+" in a query
    for (const auto* const bad :
         {"", "-1", "1.5", "yesterday", "2026-11-20", "17 ", "99999999999999999999999"})
        EXPECT_FALSE(parse_as_of(bad).has_value()) << bad;
}

// Builds of many logs in one store: to open one takes longer than to build.
class Rows {
  public:
    // Every row of a view of a log, by its key.
    std::map<std::string, StoredRow> of(const projections::View& view, const Log& log) {
        const Build at{name_of(view), ++generation_};
        build(*views_, view, at, log, [] { return std::size_t{1} << 30; });
        std::map<std::string, StoredRow> rows;
        const auto take = [&](std::string_view key, StoredRow row) {
            rows.emplace(key, std::move(row));
            return true;
        };
        for (const auto list : {List::active, List::cancelled})
            ensure(views_->scan(at, list, false, take).has_value(), "the rows can be read");
        return rows;
    }

  private:
    Folder folder_;
    std::unique_ptr<projections::ViewStore> views_ = open_views(folder_.path());
    std::uint64_t generation_ = 0;
};

std::string named(std::string_view key) {
    if (key.size() != 8 || (key.front() & 0x80) == 0) return std::string{key};
    std::uint64_t number = 0;
    for (const char c : key) number = number << 8 | static_cast<unsigned char>(c);
    return std::to_string(static_cast<std::int64_t>(number ^ std::uint64_t{1} << 63));
}

TEST(RowHistory, is_exactly_the_events_that_made_the_row) {
    std::mt19937_64 random{34};
    const auto log = interleave(random, some_streams(random, 12));
    const auto store = store_of(log);
    Rows bench;
    for (const auto& view : all_views()) {
        const auto rows = bench.of(*view, log);
        ASSERT_FALSE(rows.empty()) << view->name();
        std::set<Position> heard;
        for (const auto& [key, stored] : rows) {
            Log made;
            std::optional<StoredRow> before;
            const auto history =
                projections::row_history(*store, {view.get(), named(key), log.size(), 0},
                                         [&](const auto& event, const projections::Touch& touch) {
                                             EXPECT_EQ(touch.before, before) << view->name();
                                             before = touch.after;
                                             EXPECT_TRUE(heard.insert(event->position).second);
                                             made.push_back(event);
                                         },
                                         {});
            ASSERT_TRUE(history.has_value());
            ASSERT_TRUE(history->row.has_value()) << view->name() << ' ' << named(key);
            EXPECT_EQ(*history->row, stored) << view->name() << ' ' << named(key);
            EXPECT_EQ(history->events, made.size());
            EXPECT_EQ(history->unreadable, 0U);
            // They alone give the row.
            Log alone;
            for (const auto& event : made) alone.push_back(at_position(event, alone.size() + 1));
            const auto again = bench.of(*view, alone);
            ASSERT_EQ(again.size(), 1U) << view->name();
            EXPECT_EQ(again.begin()->second, stored) << view->name();
        }
        for (const auto& event : log) {  // and no other event makes any row
            const auto folds = view->try_event(*event);
            ASSERT_TRUE(folds.has_value());
            EXPECT_EQ(*folds, heard.contains(event->position))
                << view->name() << ' ' << event->data.type;
        }
    }
}

TEST(RowHistory, without_an_event_is_the_row_of_the_log_without_it) {
    std::mt19937_64 random{35};
    const auto log = interleave(random, some_streams(random, 12));
    const auto store = store_of(log);
    Rows bench;
    for (const auto& view : all_views()) {
        const auto rows = bench.of(*view, log);
        ASSERT_FALSE(rows.empty()) << view->name();
        const auto& [key, stored] =
            *std::next(rows.begin(), static_cast<std::ptrdiff_t>(random() % rows.size()));
        std::vector<Position> made;
        const auto collect_position = [&](const auto& event, const projections::Touch&) {
            made.push_back(event->position);
        };
        ASSERT_TRUE(projections::row_history(*store, {view.get(), named(key), log.size(), 0},
                                             collect_position, {})
                        .has_value());
        const auto left_out = made[random() % made.size()];
        const auto history = *projections::row_history(
            *store, {view.get(), named(key), log.size(), left_out}, {}, {});
        EXPECT_TRUE(history.left_out);
        EXPECT_EQ(history.events, made.size() - 1);
        Log rest;
        for (const auto& event : log)
            if (event->position != left_out) rest.push_back(at_position(event, rest.size() + 1));
        const auto others = bench.of(*view, rest);
        const auto found = others.find(key);
        EXPECT_EQ(history.row, found == others.end() ? std::nullopt : std::optional{found->second})
            << view->name();
        const auto stranger = made.front() == 1 ? made.back() + 1 : made.front() - 1;
        const auto kept = *projections::row_history(
            *store, {view.get(), named(key), log.size(), stranger}, {}, {});
        EXPECT_EQ(kept.left_out, std::ranges::find(made, stranger) != made.end());
    }
}

// What cannot be applied waits with all that follows in its stream, until it is skipped.
TEST(RowHistory, leaves_out_what_a_build_parks) {
    std::mt19937_64 random{36};
    auto log = interleave(random, some_streams(random, 6));
    const auto poisoned = std::ranges::find_if(log, [](const auto& event) {
        return event->version > 1 && event->stream.starts_with("payment.payment-prereservation-");
    });
    ASSERT_NE(poisoned, log.end());
    auto poison = std::make_shared<eventstore::RecordedEvent>(**poisoned);
    poison->data.payload = "{}";
    *poisoned = poison;
    const auto key = poison->stream.substr(poison->stream.rfind('-') + 1);
    const auto store = store_of(log);
    const auto& view = *tests::find_view("payments");
    Folder folder;
    const auto views = open_views(folder.path());
    std::uint64_t generation = 0;
    for (const auto& skipped : {std::set<Position>{}, std::set<Position>{poison->position}}) {
        const Build at{"payments", ++generation};
        const auto builder = *view.builder(*views, at, {.skipped = skipped});
        ASSERT_TRUE(builder->apply(log).has_value());
        const auto built = *views->row(at, projections::number_key(std::stoll(key)));
        const auto history =
            *projections::row_history(*store, {&view, key, log.size(), 0, skipped}, {}, {});
        EXPECT_EQ(history.row, built);
        EXPECT_EQ(history.unreadable, builder->parked());
        EXPECT_EQ(history.first_unreadable.empty(), !skipped.empty());
    }
}

TEST(RowHistory, tells_changes_field_by_field) {
    const auto before = projections::fields_of_row(R"({"a":1,"b":"x","gone":[1, 2]})");
    const auto after = projections::fields_of_row(R"({"a":1,"b":"y","new":null})");
    const auto changes = projections::changes_between(before, after);
    EXPECT_EQ(projections::json_of_changes(changes),
              R"([{"field":"b","before":"x","after":"y"},)"
              R"({"field":"new","before":null,"after":null},)"
              R"({"field":"gone","before":[1,2],"after":null}])");
    EXPECT_TRUE(projections::changes_between(after, after).empty());
}

}  // namespace
}  // namespace yeyak::tests
