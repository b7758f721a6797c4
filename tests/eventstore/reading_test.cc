// Reading streams, the log and its tail, the same from every store.
#include <gmock/gmock.h>

#include <thread>

#include "tests/eventstore/fixtures.h"

namespace yeyak::eventstore {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <class Store>
class Reading : public testing::Test {
  protected:
    EventStore& store() { return *store_; }
    std::vector<Version> versions(const StreamQuery& query, bool end) {
        const auto page = store().read_stream(query);
        EXPECT_TRUE(page);
        EXPECT_EQ(page->end, end);
        std::vector<Version> found;
        for (const auto& e : page->events) found.push_back(e->version);
        return found;
    }
    Store store_;
};

using Stores = testing::Types<Memory, Rocks>;
TYPED_TEST_SUITE(Reading, Stores);

TYPED_TEST(Reading, a_stream_in_both_directions) {
    write(this->store(), commit_to("s-10", 3));
    write(this->store(), commit_to("s-1", 5));
    write(this->store(), commit_to("s-11", 3));
    const auto backward = Direction::backward;
    EXPECT_THAT(this->versions({"s-1"}, true), ElementsAre(1, 2, 3, 4, 5));
    EXPECT_THAT(this->versions({"s-1", 0}, true), ElementsAre(1, 2, 3, 4, 5));
    EXPECT_THAT(this->versions({"s-1", 4}, true), ElementsAre(4, 5));
    EXPECT_THAT(this->versions({"s-1", 6}, true), IsEmpty());
    EXPECT_THAT(this->versions({"s-1", 1, Direction::forward, 2}, false), ElementsAre(1, 2));
    EXPECT_THAT(this->versions({"s-1", 4, Direction::forward, 2}, true), ElementsAre(4, 5));
    EXPECT_THAT(this->versions({"s-1", 0, backward}, true), ElementsAre(5, 4, 3, 2, 1));
    EXPECT_THAT(this->versions({"s-1", 3, backward}, true), ElementsAre(3, 2, 1));
    EXPECT_THAT(this->versions({"s-1", 99, backward, 2}, false), ElementsAre(5, 4));
    EXPECT_THAT(this->versions({"s-1", 2, backward, 2}, true), ElementsAre(2, 1));
    EXPECT_THAT(this->versions({"s", 1}, true), IsEmpty());
    EXPECT_THAT(this->versions({"", 1}, true), IsEmpty());
    EXPECT_THAT(this->versions({std::string("s-1\0", 4), 1}, true), IsEmpty());
    EXPECT_THAT(this->versions({std::string("s-1\0\0\0\0\0\0\0\0", 11), 1}, true), IsEmpty());
}

TYPED_TEST(Reading, what_was_written_comes_back) {
    NewEvent full = event("a.b.v1", R"({"name":"예약"})", {"user:1", "user:1", "seat:2"});
    full.event_id = "id-1";
    full.correlation_id = "cor";
    full.causation_id = "cau";
    full.actor = "user:1";
    Commit commit = commit_of({append("c.d-1", {}, {full})});
    commit.time = Instant{-5};
    write(this->store(), commit);
    const auto page = this->store().read_all({});
    ASSERT_EQ(page->events.size(), 1u);
    const auto& e = *page->events[0];
    EXPECT_EQ(e.position, 1u);
    EXPECT_EQ(e.version, 1u);
    EXPECT_EQ(e.time, Instant{-5});
    EXPECT_EQ(e.stream, "c.d-1");
    EXPECT_EQ(e.data.payload, full.payload);
    EXPECT_EQ(e.data.tags, full.tags);
    EXPECT_EQ(id_of(e), "id-1");
    EXPECT_EQ(e.data.correlation_id + e.data.causation_id + e.data.actor, "corcauuser:1");
    EXPECT_NE(e.leaf, LeafHash{});
}

TYPED_TEST(Reading, the_log_by_every_combination_of_filters) {
    auto& store = this->store();
    std::vector<RecordedEvent> written;
    for (int i = 0; i < 60; ++i) {
        RecordedEvent e;
        e.stream = std::array{"x-1", "x-2", "y-1", "z"}[i % 4];
        e.data = event(std::array{"t1", "t2", "t3"}[i % 3]);
        if (i % 5 < 2) e.data.tags.push_back("g1");
        if (i % 7 < 3) e.data.tags.push_back("g2");
        written.push_back(e);
        ASSERT_TRUE(store.stage(commit_of({append(e.stream, {}, {e.data})})));
        if (i % 4 == 3) {
            ASSERT_TRUE(store.flush());
        }
    }
    using List = std::vector<std::string>;
    int nonempty = 0;
    for (const auto& categories : {List{}, List{"x"}, List{"y", "z"}, List{"none"}})
        for (const auto& types : {List{}, List{"t1"}, List{"t2", "t3", "t2"}, List{"t1", "none"}})
            for (const auto& tags : {List{}, List{"g1"}, List{"g1", "g2"}, List{"none"}})
                for (const std::size_t page : {1, 3, 1000}) {
                    const Filter filter{categories, types, tags};
                    std::vector<Position> expected;
                    for (std::size_t i = 0; i < written.size(); ++i)
                        if (filter.matches(written[i].stream, written[i].data))
                            expected.push_back(i + 1);
                    nonempty += !expected.empty();
                    EXPECT_EQ(positions_of(read_everything(store, filter, page)), expected);
                }
    EXPECT_GT(nonempty, 60);
}

TYPED_TEST(Reading, a_page_ends_early_by_its_bytes) {
    auto& store = this->store();
    for (int i = 0; i < 4; ++i)
        write(store, commit_of({append("s", {}, {event("t", std::string(1000, ' '), {"g"})})}));
    for (const Filter& filter : {Filter{}, Filter{{}, {}, {"g"}}}) {
        AllQuery query{0, filter, 100, 1500};
        EXPECT_EQ(store.read_all(query)->events.size(), 2u);
        query.max_bytes = 0;
        EXPECT_EQ(store.read_all(query)->events.size(), 1u);
    }
}

TYPED_TEST(Reading, from_behind_the_end_is_empty_and_stays) {
    auto& store = this->store();
    write(store, commit_to("s", 3));
    for (const Position after : {Position{3}, Position{9}, ~Position{0}})
        for (const Filter& filter : {Filter{}, Filter{{"s"}, {}, {}}}) {
            const auto page = store.read_all({after, filter, 10, 4 << 20});
            ASSERT_TRUE(page) << page.error().detail;
            EXPECT_TRUE(page->end);
            EXPECT_THAT(page->events, IsEmpty());
            EXPECT_EQ(page->next_after, after);
        }
}

TYPED_TEST(Reading, a_filtered_page_at_the_end_moves_to_the_head) {
    auto& store = this->store();
    write(store, commit_to("a", 2));
    write(store, commit_to("b", 7));
    const auto page = store.read_all({0, {{"a"}, {}, {}}, 10, 4 << 20});
    EXPECT_TRUE(page->end);
    EXPECT_EQ(page->next_after, 9u);
}

TYPED_TEST(Reading, a_follower_misses_nothing_while_the_writer_goes_on) {
    auto& store = this->store();
    constexpr Position last = 3000;
    const auto follow = [&](std::size_t page, std::vector<Position>& seen) {
        Follower follower{store, 0};
        while (follower.after() < last) {
            const auto events = follower.next(page);
            ASSERT_TRUE(events) << events.error().detail;
            for (const auto& e : *events) seen.push_back(e->position);
            if (events->empty()) store.tail().wait(follower.after(), std::chrono::seconds{5});
        }
    };
    std::vector<Position> fast, slow;
    std::thread one{[&] { follow(1000, fast); }};
    std::thread two{[&] { follow(7, slow); }};
    for (Position p = 0; p < last; p += 10) {
        ASSERT_TRUE(store.stage(commit_to("s-" + std::to_string(p % 13), 10)));
        ASSERT_TRUE(store.flush());
    }
    one.join();
    two.join();
    for (Position p = 1; p <= last; ++p) {
        ASSERT_EQ(fast[p - 1], p);
        ASSERT_EQ(slow[p - 1], p);
    }
}

TYPED_TEST(Reading, a_follower_that_fell_behind_the_tail_reads_the_log) {
    auto& store = this->store();
    const std::string large(1 << 20, ' ');
    for (int i = 0; i < 20; ++i) write(store, commit_of({append("s", {}, {event("t", large)})}));
    EXPECT_EQ(store.tail().read(0, 10), std::nullopt) << "20 MiB do not stay in 16";
    EXPECT_TRUE(store.tail().read(19, 10));
    Follower follower{store, 0};
    Position next = 1;
    while (next <= 20) {
        const auto events = follower.next(3);
        ASSERT_TRUE(events);
        ASSERT_FALSE(events->empty());
        for (const auto& e : *events) ASSERT_EQ(e->position, next++);
    }
    EXPECT_TRUE(follower.next(3)->empty());
}

TYPED_TEST(Reading, a_follower_ahead_of_the_log_is_an_error) {
    write(this->store(), commit_to("s", 2));
    Follower follower{this->store(), 3};
    const auto events = follower.next(10);
    ASSERT_FALSE(events);
    EXPECT_EQ(events.error().kind, StoreError::Kind::corrupt);
}

// A reader of several lists never sees a later event without the earlier ones.
TYPED_TEST(Reading, filtered_pages_have_no_holes_while_the_writer_goes_on) {
    auto& store = this->store();
    std::atomic<bool> done = false;
    std::thread reader{[&] {
        AllQuery query;
        query.filter.tags = {"a", "b", "c", "d"};
        Position next = 1;
        while (!done || next <= store.head()) {
            const auto page = store.read_all(query);
            ASSERT_TRUE(page) << page.error().detail;
            for (const auto& e : page->events) ASSERT_EQ(e->position, next++);
            query.after = page->next_after;
        }
    }};
    for (int i = 0; i < 1500; ++i)
        write(store,
              commit_of({append("s", {}, {event("t", "{}", {std::string(1, "dbca"[i % 4])})})}));
    done = true;
    reader.join();
}

// All that a filter finds, in calls that look at so much each.
std::vector<Position> read_in_steps(const EventStore& store, const Filter& filter,
                                    std::size_t steps) {
    std::vector<Position> found;
    AllQuery query;
    query.filter = filter;
    query.max_steps = steps;
    for (int calls = 0; calls < 100'000; ++calls) {
        const auto page = store.read_all(query);
        if (!page) break;
        for (const auto& position : positions_of(page->events)) found.push_back(position);
        if (page->end) return found;
        EXPECT_GT(page->next_after, query.after) << "each call gets further";
        query.after = page->next_after;
    }
    ADD_FAILURE() << "it never ended";
    return found;
}

TYPED_TEST(Reading, a_filter_in_steps_finds_the_same) {
    auto& store = this->store();
    const Filter filter{{"often", "rare"}, {"noted", "other"}, {"t:1"}};
    std::vector<Position> wanted;
    for (int i = 1; i <= 400; ++i) {
        const auto stream = i % 37 == 0 ? "rare-1" : i % 2 == 0 ? "often-1" : "never-1";
        std::vector<std::string> tags;
        if (i % 3 == 0) tags = {"t:1", "t:" + std::to_string(i)};
        write(store,
              commit_of({append(stream, {},
                                {event(i % 5 == 0 ? "other" : "noted", "{}", std::move(tags))})}));
        const auto position = static_cast<Position>(i);
        if ((i % 37 == 0 || i % 2 == 0) && i % 3 == 0) wanted.push_back(position);
    }
    EXPECT_EQ(positions_of(store.read_all({.filter = filter})->events), wanted);
    for (const std::size_t steps : {20u, 33u, 500u})
        EXPECT_EQ(read_in_steps(store, filter, steps), wanted) << steps;
    EXPECT_EQ(read_in_steps(store, {}, 7).size(), 400u);
}

TYPED_TEST(Reading, a_value_that_no_event_can_have_finds_nothing) {
    auto& store = this->store();
    write(store, commit_to("s-1", 3));
    for (const auto& value : {std::string("a.b.v1\0", 7), std::string("a.b.v1\0\0\0\0\0\0\0", 13)})
        EXPECT_THAT(store.read_all({.filter = {{}, {value}, {}}})->events, IsEmpty());
}

TYPED_TEST(Reading, a_page_of_a_stream_ends_after_so_many_bytes) {
    auto& store = this->store();
    std::vector<NewEvent> events;
    for (int i = 0; i < 5; ++i) events.push_back(event("a.b.v1", std::string(1000, ' ') + "{}"));
    write(store, commit_of({append("s-1", {}, events)}));
    StreamQuery query{"s-1"};
    query.max_bytes = 2000;
    const auto page = store.read_stream(query);
    EXPECT_EQ(page->events.size(), 2u);
    EXPECT_FALSE(page->end);
    query.max_bytes = 1;
    EXPECT_EQ(store.read_stream(query)->events.size(), 1u) << "a page holds at least one event";
}

// The rare list leads, and the common one is searched: not read.
TEST(Postings, a_rare_value_costs_what_is_rare) {
    Rocks rocks;
    auto& store = *rocks;
    for (int i = 0; i < 600; ++i)
        write(store,
              commit_of({append(i % 200 == 199 ? "rare-1" : "often-1", {}, {event("common")})}));
    AllQuery query;
    query.filter = {{"rare"}, {"common"}, {}};
    query.max_steps = 100;
    const auto page = store.read_all(query);
    EXPECT_EQ(positions_of(page->events), (std::vector<Position>{200, 400, 600}));
    EXPECT_TRUE(page->end);
}

}  // namespace
}  // namespace yeyak::eventstore
