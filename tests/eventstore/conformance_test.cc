// What every store behind the port must do: one suite, each store.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/eventstore/fixtures.h"

namespace yeyak::eventstore {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <class Store>
class Conformance : public testing::Test {
  protected:
    EventStore& store() { return *store_; }
    Conflict refused(Commit commit) {
        const auto staged = store().stage(std::move(commit));
        EXPECT_FALSE(staged);
        return staged ? Conflict{} : staged.error();
    }
    // Nothing staged is left: a flush changes nothing.
    void expect_nothing_left(Position head) {
        EXPECT_EQ(store().staged_position(), head);
        EXPECT_EQ(store().flush(), head);
        EXPECT_EQ(store().head(), head);
    }

    Store store_;
};

using Stores = testing::Types<Memory, Rocks>;
TYPED_TEST_SUITE(Conformance, Stores);

TYPED_TEST(Conformance, every_kind_of_expectation) {
    auto& store = this->store();
    EXPECT_EQ(this->refused(commit_to("s-1", 1, Expected::exists())).found, 0u);
    EXPECT_EQ(this->refused(commit_to("s-1", 1, Expected::exactly(1))).found, 0u);
    write(store, commit_to("s-1", 2, Expected::no_stream()));
    const auto conflict = this->refused(commit_to("s-1", 1, Expected::no_stream()));
    EXPECT_EQ(conflict.kind, Conflict::Kind::stream);
    EXPECT_EQ(conflict.stream, "s-1");
    EXPECT_EQ(conflict.found, 2u);
    EXPECT_EQ(this->refused(commit_to("s-1", 1, Expected::exactly(0))).found, 2u);
    EXPECT_EQ(this->refused(commit_to("s-1", 1, Expected::exactly(1))).found, 2u);
    EXPECT_EQ(this->refused(commit_to("s-1", 1, Expected::exactly(3))).found, 2u);
    this->expect_nothing_left(2);
    EXPECT_THAT(write(store, commit_to("s-1", 1, Expected::exactly(2))).versions, ElementsAre(3));
    EXPECT_THAT(write(store, commit_to("s-1", 1, Expected::exists())).versions, ElementsAre(4));
    EXPECT_THAT(write(store, commit_to("s-1", 1, Expected::any())).versions, ElementsAre(5));
    EXPECT_THAT(write(store, commit_to("s-2", 1, Expected::exactly(0))).versions, ElementsAre(1));
}

TYPED_TEST(Conformance, expectations_see_what_is_staged) {
    auto& store = this->store();
    ASSERT_TRUE(store.stage(commit_to("s-1", 1, Expected::no_stream())));
    EXPECT_EQ(this->refused(commit_to("s-1", 1, Expected::no_stream())).found, 1u);
    ASSERT_TRUE(store.stage(commit_to("s-1", 1, Expected::exactly(1))));
    EXPECT_EQ(store.staged_head("s-1"), 2u);
    EXPECT_EQ(store.flush(), 2u);
}

TYPED_TEST(Conformance, several_streams_are_appended_as_one) {
    auto& store = this->store();
    write(store, commit_to("s-1"));
    const auto staged = write(
        store, commit_of({append("s-2", Expected::no_stream(), {event("x.y.v1"), event("x.y.v1")}),
                          append("s-1", Expected::exactly(1), {event("x.z.v1")})}));
    EXPECT_EQ(staged.first, 2u);
    EXPECT_EQ(staged.last, 4u);
    EXPECT_THAT(staged.versions, ElementsAre(2, 2));
    const auto page = store.read_stream({.stream = "s-1"});
    EXPECT_THAT(positions_of(page->events), ElementsAre(1, 4));
}

TYPED_TEST(Conformance, a_stream_named_again_goes_on_where_it_was) {
    auto& store = this->store();
    const auto staged =
        write(store, commit_of({append("s-1", Expected::no_stream(), {event("x.y.v1")}),
                                append("s-2", {}, {event("x.y.v1")}),
                                append("s-1", {}, {event("x.z.v1"), event("x.z.v1")})}));
    EXPECT_THAT(staged.versions, ElementsAre(1, 1, 3));
    EXPECT_THAT(positions_of(store.read_stream({.stream = "s-1"})->events), ElementsAre(1, 3, 4));
}

TYPED_TEST(Conformance, a_conflict_leaves_nothing_of_the_commit) {
    auto& store = this->store();
    write(store, commit_to("s-1"));
    auto commit = commit_of({append("s-2", Expected::any(), {event("x.y.v1")}),
                             append("s-1", Expected::exactly(9), {event("x.y.v1")})},
                            {{Table::counter, "k", "v"}});
    EXPECT_EQ(this->refused(commit).index, 1u);
    EXPECT_EQ(store.staged_head("s-2"), 0u);
    EXPECT_FALSE(store.staged_value(Table::counter, "k"));
    this->expect_nothing_left(1);
    EXPECT_THAT(store.read_stream({.stream = "s-2"})->events, IsEmpty());
}

TYPED_TEST(Conformance, a_condition_holds_until_a_matching_event) {
    auto& store = this->store();
    write(store, commit_of({append("s-1", {}, {event("x.y.v1", "{}", {"user:1"})})}));
    auto commit = commit_to("s-2");
    commit.conditions = {{{{}, {}, {"user:2"}}, 0}, {{{}, {}, {"user:1"}}, 0}};
    const auto conflict = this->refused(commit);
    EXPECT_EQ(conflict.kind, Conflict::Kind::condition);
    EXPECT_EQ(conflict.index, 1u);
    EXPECT_EQ(conflict.position, 1u);
    commit.conditions[1].after = 1;
    ASSERT_TRUE(store.stage(commit));
    this->expect_nothing_left(2);
}

TYPED_TEST(Conformance, a_condition_sees_what_is_staged) {
    auto& store = this->store();
    Commit first = commit_of({append("s-1", {}, {event("x.y.v1", "{}", {"user:1"})})});
    first.conditions = {{{{}, {"x.y.v1"}, {"user:1"}}, 0}};
    Commit second = first;
    ASSERT_TRUE(store.stage(std::move(first)));
    EXPECT_EQ(this->refused(second).position, 1u);
    second.conditions[0].filter.tags = {"user:2"};
    EXPECT_TRUE(store.stage(second));
    EXPECT_EQ(store.flush(), 2u);
}

// Types and categories take turns, so that no event has both, and every index must be looked at.
void write_zebra(EventStore& store, std::size_t events) {
    for (std::size_t written = 0; written < events; written += 2048) {
        Commit commit;
        for (int i = 0; i < 1024; ++i) {
            commit.appends.push_back(append("black-1", {}, {event("light")}));
            commit.appends.push_back(append("white-1", {}, {event("dark")}));
        }
        write(store, std::move(commit));
    }
}

TYPED_TEST(Conformance, a_condition_that_is_too_wide_is_refused) {
    auto& store = this->store();
    write_zebra(store, 12'000);
    auto commit = commit_to("s-1");
    commit.conditions = {{{{"grey"}, {"light"}, {}}, 0}, {{{"black"}, {"dark"}, {}}, 0}};
    const auto conflict = this->refused(commit);
    EXPECT_EQ(conflict.kind, Conflict::Kind::too_wide);
    EXPECT_EQ(conflict.index, 0u + (std::is_same_v<TypeParam, Rocks> ? 1 : 0));
    EXPECT_FALSE(conflict.detail.empty());
    for (auto& condition : commit.conditions) condition.after = store.head() - 100;
    EXPECT_TRUE(store.stage(commit));
    EXPECT_TRUE(store.flush());
}

TYPED_TEST(Conformance, conditions_name_so_many_values) {
    auto& store = this->store();
    auto commit = commit_to("s-1");
    Unchanged condition;
    for (int i = 0; i < 50; ++i) condition.filter.tags.push_back("t:" + std::to_string(i));
    commit.conditions = {condition, condition};
    EXPECT_TRUE(store.stage(commit));
    commit.conditions.push_back({{{}, {"one.more"}, {}}, 0});
    EXPECT_EQ(this->refused(commit).kind, Conflict::Kind::too_wide);
}

TYPED_TEST(Conformance, a_commit_that_is_too_large_is_refused) {
    const auto is_limit = [&](Commit commit) {
        EXPECT_EQ(this->refused(std::move(commit)).kind, Conflict::Kind::limit);
    };
    const std::string long_name(201, 'n');
    is_limit(commit_to(""));
    is_limit(commit_to(long_name));
    is_limit(commit_to(std::string("a\0b", 3)));
    is_limit(commit_to("a\nb"));
    is_limit(commit_to("a\x7f"));
    is_limit(commit_to("s", 0));
    is_limit(commit_to("s", max_events_per_commit + 1));
    is_limit(
        commit_of({append("s", {}, {event("t")}), append("s", Expected::exists(), {event("t")})}));
    is_limit(commit_of({append("s", {}, {event("")})}));
    is_limit(commit_of({append("s", {}, {event(long_name)})}));
    is_limit(commit_of({append("s", {}, {event("t", std::string(max_payload_bytes + 1, ' '))})}));
    is_limit(commit_of({append("s", {}, {event("t", "{}", {"ok", ""})})}));
    is_limit(commit_of({append("s", {}, {event("t", "{}", {long_name})})}));
    is_limit(commit_of({append("s", {}, {event("t", "{}", std::vector<std::string>(33, "x"))})}));
    auto told = event("t");
    for (std::size_t i = 0; i <= max_attributes; ++i)
        told.attributes.push_back({fmt::format("a{:02}", i), Attribute::Type::text, ""});
    is_limit(commit_of({append("s", {}, {told})}));
    told.attributes = {{"a", Attribute::Type::text, std::string(max_attribute_bytes, 'v')}};
    is_limit(commit_of({append("s", {}, {told})}));
    for (auto id : {&NewEvent::event_id, &NewEvent::correlation_id, &NewEvent::causation_id,
                    &NewEvent::actor}) {
        auto large = event("t");
        large.*id = long_name;
        is_limit(commit_of({append("s", {}, {large})}));
    }
    is_limit(commit_of({}, {{Table::setting, "k", std::string(max_commit_bytes + 1, ' ')}}));
    this->expect_nothing_left(0);
}

TYPED_TEST(Conformance, a_commit_at_its_limits_is_taken) {
    auto& store = this->store();
    const std::string name(200, 'n');
    auto largest = event(name, std::string(max_payload_bytes, ' '), std::vector(32, name));
    largest.event_id = largest.correlation_id = largest.causation_id = largest.actor = name;
    const std::string value(max_attribute_bytes / max_attributes - 3, 'v');
    for (std::size_t i = 0; i < max_attributes; ++i)
        largest.attributes.push_back({fmt::format("a{:02}", i), Attribute::Type::text, value});
    write(store, commit_of({append(name, {}, {largest})}));
    write(store, commit_to("s", max_events_per_commit));
    const auto page = store.read_stream({.stream = name});
    ASSERT_EQ(page->events.size(), 1u);
    EXPECT_EQ(page->events[0]->data.payload, largest.payload);
    EXPECT_EQ(page->events[0]->data.tags, largest.tags);
    EXPECT_EQ(page->events[0]->data.attributes, largest.attributes);
    EXPECT_THAT(positions_of(read_everything(store, {{}, {}, {name}}, 10)), ElementsAre(1));
    EXPECT_EQ(store.head(), 1 + max_events_per_commit);
}

TYPED_TEST(Conformance, an_empty_commit_and_an_empty_flush_change_nothing) {
    EXPECT_EQ(this->store().flush(), 0u);
    const auto staged = this->store().stage(Commit{});
    ASSERT_TRUE(staged);
    EXPECT_EQ(staged->first, 0u);
    this->expect_nothing_left(0);
}

TYPED_TEST(Conformance, nothing_is_visible_before_the_flush) {
    auto& store = this->store();
    ASSERT_TRUE(store.stage(commit_of({append("s-1", {}, {event("x.y.v1", "{}", {"t"})})},
                                      {{Table::timer, "k", "v"}})));
    EXPECT_EQ(store.staged_position(), 1u);
    EXPECT_EQ(store.staged_head("s-1"), 1u);
    EXPECT_EQ(store.staged_value(Table::timer, "k"), "v");
    EXPECT_EQ(store.head(), 0u);
    EXPECT_THAT(store.read_stream({.stream = "s-1"})->events, IsEmpty());
    EXPECT_THAT(store.read_all({})->events, IsEmpty());
    EXPECT_THAT(read_everything(store, {{}, {}, {"t"}}, 10), IsEmpty());
    EXPECT_EQ(*store.value(Table::timer, "k"), std::nullopt);
    EXPECT_TRUE(store.entries(Table::timer, "", "", 10)->empty());
    EXPECT_TRUE(store.tail().read(0, 10)->empty());
    ASSERT_EQ(store.flush(), 1u);
    EXPECT_EQ(store.read_all({})->events.size(), 1u);
    EXPECT_EQ(*store.value(Table::timer, "k"), "v");
}

TYPED_TEST(Conformance, tables_keep_the_last_write_of_each_key) {
    auto& store = this->store();
    ASSERT_TRUE(
        store.stage(commit_of({}, {{Table::counter, "a", "1"}, {Table::counter, "a", "2"}})));
    ASSERT_TRUE(store.stage(commit_of({}, {{Table::counter, "b", "1"}})));
    ASSERT_TRUE(store.stage(commit_of({}, {{Table::counter, "b", std::nullopt}})));
    EXPECT_EQ(store.staged_value(Table::counter, "b"), std::nullopt);
    ASSERT_TRUE(store.flush());
    for (int again = 0; again < 2; ++again)
        write(store, commit_of({}, {{Table::counter, "a", "2"}}));
    EXPECT_EQ(*store.value(Table::counter, "a"), "2");
    EXPECT_EQ(*store.value(Table::counter, "b"), std::nullopt);
    EXPECT_EQ(*store.value(Table::timer, "a"), std::nullopt) << "tables are apart";
    write(store, commit_of({}, {{Table::counter, "a", std::nullopt}}));
    EXPECT_EQ(*store.value(Table::counter, "a"), std::nullopt);
    EXPECT_EQ(store.head(), 0u);
}

TYPED_TEST(Conformance, entries_are_paged_in_order) {
    auto& store = this->store();
    Commit commit;
    for (const char* key : {"a", "b/1", "b/2", "b/3", "b\xff", "c"})
        commit.writes.push_back({Table::outbox, key, std::string{"v"} + key});
    commit.writes.push_back({Table::inbox, "b/9", "other table"});
    write(store, commit);
    const auto keys = [&](std::string_view prefix, std::string_view after, std::size_t max) {
        std::string all;
        for (const auto& entry : *store.entries(Table::outbox, prefix, after, max)) {
            EXPECT_EQ(entry.value, "v" + entry.key);
            all += entry.key + " ";
        }
        return all;
    };
    EXPECT_EQ(keys("", "", 100), "a b/1 b/2 b/3 b\xff c ");
    EXPECT_EQ(keys("b/", "", 100), "b/1 b/2 b/3 ");
    EXPECT_EQ(keys("b/", "", 2), "b/1 b/2 ");
    EXPECT_EQ(keys("b/", "b/2", 2), "b/3 ");
    EXPECT_EQ(keys("b/", "b/25", 2), "b/3 ");
    EXPECT_EQ(keys("b/", "a", 2), "b/1 b/2 ");
    EXPECT_EQ(keys("b/", "c", 2), "");
    EXPECT_EQ(keys("x", "", 2), "");
    EXPECT_EQ(keys("", "", 0), "");
}

}  // namespace
}  // namespace yeyak::eventstore
