// Where the events of a time stand: against all events of logs whose clock was set back now and
// then.
#include "eventstore/times.h"

#include <gtest/gtest.h>
// after gtest, which it needs
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/eventstore/fixtures.h"

namespace yeyak::eventstore {
namespace {

Commit commit_at(std::int64_t ms, std::size_t events = 1) {
    auto commit = commit_to("s-1", events);
    commit.time = Instant{ms};
    return commit;
}

std::vector<std::string> runs_of(const EventStore& store) {
    std::vector<std::string> keys;
    for (const auto& entry : *store.entries(Table::time, "", "", 100)) keys.push_back(entry.key);
    return keys;
}

std::vector<std::string> keys_of(const std::vector<Position>& positions) {
    std::vector<std::string> keys;
    for (const auto position : positions) keys.push_back(time_key(position));
    return keys;
}

TEST(Times, where_they_go_back_is_kept_and_nothing_else) {
    MemoryStore store;
    for (const std::int64_t ms : {10, 10, 20, 19, 19, 30}) write(store, commit_at(ms));
    EXPECT_EQ(runs_of(store), keys_of({1, 4}));
    ASSERT_TRUE(store.stage(commit_at(5, 3)).has_value());
    ASSERT_TRUE(store.stage(commit_at(4)).has_value());
    Commit only_a_value;
    only_a_value.writes.push_back({Table::setting, "a", "b"});
    ASSERT_TRUE(store.stage(std::move(only_a_value)).has_value());
    ASSERT_TRUE(store.flush().has_value());
    EXPECT_EQ(runs_of(store), keys_of({1, 4, 7, 10}));
}

TEST(Times, a_program_knows_the_time_of_what_the_one_before_it_wrote) {
    Rocks rocks;
    const auto reopen = [&] {
        rocks.store.reset();
        rocks.store = open_or_die(options_in(rocks.folder.path()));
    };
    write(*rocks, commit_at(10, 2));
    reopen();
    write(*rocks, commit_at(11));
    reopen();
    write(*rocks, commit_at(5));
    write(*rocks, commit_at(6));
    EXPECT_EQ(runs_of(*rocks), keys_of({1, 4}));
    EXPECT_EQ(*spans_of(*rocks, Instant{6}, Instant{10}, 5), (std::vector<Span>{{1, 2}, {5, 5}}));
    EXPECT_EQ(*spans_of(*rocks, Instant{12}, {}, 5), std::vector<Span>{});
    EXPECT_EQ(*spans_of(*rocks, {}, {}, 3), (std::vector<Span>{{1, 3}}));
}

TEST(Times, of_an_older_log_are_taken_to_be_in_any_order) {
    MemoryStore store;
    auto first = commit_at(50);
    first.writes.push_back({Table::time, time_key(1), std::nullopt});
    write(store, std::move(first));
    write(store, commit_at(60));
    EXPECT_EQ(*spans_of(store, Instant{55}, {}, 2), (std::vector<Span>{{1, 2}}));
    write(store, commit_at(40));
    write(store, commit_at(70));
    EXPECT_EQ(runs_of(store), keys_of({3}));
    EXPECT_EQ(*spans_of(store, Instant{55}, {}, 4), (std::vector<Span>{{1, 2}, {4, 4}}));
}

TEST(Times, what_an_older_program_left_out_is_added_at_the_next_start) {
    Rocks rocks;
    const auto reopen = [&] {
        rocks.store.reset();
        rocks.store = open_or_die(options_in(rocks.folder.path()));
    };
    write(*rocks, commit_at(10, 2));
    auto older = commit_at(5, 2);
    older.writes.push_back({Table::time, time_key(3), std::nullopt});
    write(*rocks, std::move(older));
    EXPECT_EQ(runs_of(*rocks), keys_of({1}));
    reopen();
    EXPECT_EQ(rocks.store->mended_runs(), 1U);
    EXPECT_EQ(runs_of(*rocks), keys_of({1, 3}));
    EXPECT_EQ(*spans_of(*rocks, Instant{10}, {}, 4), (std::vector<Span>{{1, 2}}));
    write(*rocks, commit_at(4));
    reopen();
    EXPECT_EQ(rocks.store->mended_runs(), 0U);
    EXPECT_EQ(runs_of(*rocks), keys_of({1, 3, 5}));
}

// So that a start reads no more than that again.
TEST(Times, a_writer_says_how_far_they_are_kept) {
    Rocks rocks;
    const auto mark = [&] { return *(*rocks).value(Table::checkpoint, times_follower); };
    for (int i = 0; i < 16; ++i) write(*rocks, commit_at(100 - i, 4096));
    EXPECT_EQ(mark(), std::nullopt);
    auto older = commit_at(50);
    older.writes.push_back({Table::time, time_key(65'537), std::nullopt});
    write(*rocks, std::move(older));
    EXPECT_EQ(mark(), times_mark(65'536));
    rocks.store.reset();
    rocks.store = open_or_die(options_in(rocks.folder.path()));
    EXPECT_EQ(rocks.store->mended_runs(), 1U);
    EXPECT_EQ(mark(), times_mark(65'537));
}

TEST(Times, of_an_empty_log_are_none) {
    const MemoryStore store;
    EXPECT_EQ(*spans_of(store, Instant{1}, {}, 0), std::vector<Span>{});
}

TEST(Times, a_damaged_table_is_told) {
    MemoryStore store;
    auto commit = commit_at(1);
    commit.writes.push_back({Table::time, "short", ""});
    write(store, std::move(commit));
    const auto refused = spans_of(store, Instant{1}, {}, 1);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind, StoreError::Kind::corrupt);
}

std::optional<Instant> any_bound() {
    if (*rc::gen::inRange(0, 4) == 0) return std::nullopt;
    return Instant{*rc::gen::inRange(0, 60)};
}

// All that is of the time, and of each run nothing else.
RC_GTEST_PROP(Times, spans_hold_all_that_is_of_the_time_and_end_there, ()) {
    MemoryStore store;
    std::int64_t now = 10;
    for (int i = *rc::gen::inRange(0, 60); i > 0; --i) {
        now += *rc::gen::inRange(0, 4);
        if (*rc::gen::inRange(0, 12) == 0) now -= *rc::gen::inRange(0, 30);
        write(store, commit_at(now, static_cast<std::size_t>(*rc::gen::inRange(1, 4))));
    }
    const auto from = any_bound();
    const auto to = any_bound();
    const auto is_of_the_time = [&](const RecordedEvent& event) {
        return (!from || event.time >= *from) && (!to || event.time <= *to);
    };
    const auto head = static_cast<Position>(
        *rc::gen::inRange<std::int64_t>(0, static_cast<std::int64_t>(store.head()) + 1));
    const auto spans = spans_of(store, from, to, head);
    RC_ASSERT(spans.has_value());
    for (const auto& event : read_everything(store, {}, 1000)) {
        const bool inside = std::ranges::any_of(*spans, [&](const Span& span) {
            return span.first <= event->position && event->position <= span.last;
        });
        RC_ASSERT(inside == (event->position <= head && is_of_the_time(*event)));
    }
    for (std::size_t i = 1; i < spans->size(); ++i)
        RC_ASSERT((*spans)[i - 1].last < (*spans)[i].first);
}

}  // namespace
}  // namespace yeyak::eventstore
