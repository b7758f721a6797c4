// Reading streams, the log and its tail, the same from every store; and both stores give the same
// answers to any history.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

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

TYPED_TEST(Reading, AStreamInBothDirections) {
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

TYPED_TEST(Reading, WhatWasWrittenComesBack) {
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

TYPED_TEST(Reading, TheLogByEveryCombinationOfFilters) {
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

TYPED_TEST(Reading, APageEndsEarlyByItsBytes) {
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

TYPED_TEST(Reading, FromBehindTheEndIsEmptyAndStays) {
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

TYPED_TEST(Reading, AFilteredPageAtTheEndMovesToTheHead) {
    auto& store = this->store();
    write(store, commit_to("a", 2));
    write(store, commit_to("b", 7));
    const auto page = store.read_all({0, {{"a"}, {}, {}}, 10, 4 << 20});
    EXPECT_TRUE(page->end);
    EXPECT_EQ(page->next_after, 9u);
}

TYPED_TEST(Reading, AFollowerMissesNothingWhileTheWriterGoesOn) {
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

TYPED_TEST(Reading, AFollowerThatFellBehindTheTailReadsTheLog) {
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

TYPED_TEST(Reading, AFollowerAheadOfTheLogIsAnError) {
    write(this->store(), commit_to("s", 2));
    Follower follower{this->store(), 3};
    const auto events = follower.next(10);
    ASSERT_FALSE(events);
    EXPECT_EQ(events.error().kind, StoreError::Kind::corrupt);
}

// A reader of several lists never sees a later event without the earlier ones.
TYPED_TEST(Reading, FilteredPagesHaveNoHolesWhileTheWriterGoesOn) {
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

// --- laws
// --------------------------------------------------------------------------------------------

rc::Gen<Commit> any_commit() {
    return rc::gen::exec([] {
        Commit commit;
        const auto small = [](int end) { return *rc::gen::inRange(0, end); };
        for (int i = small(3); i > 0; --i) {
            const Expected expected{static_cast<Expected::Kind>(small(4)),
                                    static_cast<Version>(small(4))};
            StreamAppend one = append("s-" + std::to_string(small(3)), expected, {});
            for (int n = small(3); n >= 0; --n) {
                std::vector<std::string> tags;
                for (int t = small(3); t > 0; --t) tags.push_back("g" + std::to_string(small(3)));
                one.events.push_back(event("t" + std::to_string(small(2)), "{}", tags));
            }
            commit.appends.push_back(one);
        }
        if (small(3) == 0)
            commit.conditions.push_back(
                {{{}, {}, {"g" + std::to_string(small(3))}}, static_cast<Position>(small(20))});
        for (int i = small(3); i > 0; --i) {
            std::optional<std::string> value;
            if (small(3)) value = std::to_string(small(100));
            commit.writes.push_back(
                {static_cast<Table>(1 + small(2)), std::string(1, 'a' + small(3)), value});
        }
        return commit;
    });
}

std::string describe(const std::vector<EventPtr>& events) {
    std::string text;
    for (const auto& e : events) {
        text += std::to_string(e->position) + ":" + e->stream + "@" + std::to_string(e->version) +
                " " + e->data.type + " " + to_text(e->time);
        for (const auto& tag : e->data.tags) text += " " + tag;
        text += " leaf " + std::to_string(e->leaf[0]) + "\n";
    }
    return text;
}

std::string describe(const EventStore& store) {
    std::string text = describe(read_everything(store, {}, 3));
    for (const char* s : {"s-0", "s-1", "s-2"})
        text += describe(store.read_stream({s, 2, Direction::forward, 2})->events) +
                describe(store.read_stream({s, 0, Direction::backward, 3})->events);
    for (const char* g : {"g0", "g1", "g2"})
        text += describe(read_everything(store, {{}, {"t0"}, {g}}, 2));
    for (const auto table : {Table::idempotency, Table::outbox})
        for (const auto& entry : *store.entries(table, "", "", 9))
            text += entry.key + "=" + entry.value + "\n";
    return text;
}

RC_GTEST_PROP(BothStores, AnswerAlike, ()) {
    Rocks rocks;
    MemoryStore memory;
    const auto history = *rc::gen::container<std::vector<Commit>>(any_commit());
    for (const auto& commit : history) {
        const auto a = memory.stage(commit);
        const auto b = rocks.store->stage(commit);
        RC_ASSERT(a.has_value() == b.has_value());
        if (a) {
            RC_ASSERT(a->first == b->first && a->last == b->last && a->versions == b->versions);
        } else {
            RC_ASSERT(a.error().kind == b.error().kind);
            RC_ASSERT(a.error().found == b.error().found);
            RC_ASSERT(a.error().position == b.error().position);
            RC_ASSERT(a.error().index == b.error().index);
        }
        if (*rc::gen::inRange(0, 3) == 0) RC_ASSERT(*memory.flush() == *rocks.store->flush());
        RC_ASSERT(describe(memory) == describe(*rocks.store));
    }
    RC_ASSERT(*memory.flush() == *rocks.store->flush());
    if (*rc::gen::arbitrary<bool>()) RC_ASSERT(rocks.store->flush_memory().has_value());
    const auto before = describe(*rocks.store);
    RC_ASSERT(describe(memory) == before);
    rocks.store.reset();
    rocks.store = open_or_die(options_in(rocks.folder.path()));
    RC_ASSERT(describe(*rocks.store) == before);
}

// The one-page model: what a history of commits must come to.
RC_GTEST_PROP(MemoryStore, FollowsTheModel, ()) {
    MemoryStore store;
    std::map<std::string, Version> heads;
    std::vector<std::pair<std::string, NewEvent>> log;
    for (const auto& commit : *rc::gen::container<std::vector<Commit>>(any_commit())) {
        bool fits = true;
        std::set<std::string> named;
        for (const auto& a : commit.appends) {
            const Version head = heads[a.stream];
            if (!named.insert(a.stream).second) {
                fits = fits && a.expected.kind == Expected::Kind::any;
                continue;
            }
            if (a.expected.kind == Expected::Kind::no_stream) fits = fits && head == 0;
            if (a.expected.kind == Expected::Kind::exists) fits = fits && head > 0;
            if (a.expected.kind == Expected::Kind::exact) fits = fits && head == a.expected.version;
        }
        for (const auto& condition : commit.conditions)
            for (Position p = condition.after; p < log.size(); ++p)
                fits = fits && !condition.filter.matches(log[p].first, log[p].second);
        RC_ASSERT(store.stage(commit).has_value() == fits);
        if (!fits) continue;
        for (const auto& a : commit.appends)
            for (const auto& e : a.events) log.emplace_back(a.stream, e), ++heads[a.stream];
    }
    RC_ASSERT(*store.flush() == log.size());
    const auto all = read_everything(store, {}, 1000);
    RC_ASSERT(all.size() == log.size());
    for (std::size_t i = 0; i < log.size(); ++i)
        RC_ASSERT(all[i]->position == i + 1 && all[i]->stream == log[i].first &&
                  all[i]->data.tags == log[i].second.tags);
}

}  // namespace
}  // namespace yeyak::eventstore
