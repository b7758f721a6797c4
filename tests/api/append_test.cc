// What other programs are told of their appends.
#include "server/append.h"

#include <gtest/gtest.h>

#include "eventstore/memory_store.h"

namespace yeyak::server {
namespace {

using namespace eventstore;

// Its log cannot be read; what is written is accepted.
class UnreadableStore final : public StagingStore {
  public:
    UnreadableStore() : StagingStore(0) {}

    StoreResult<Page> read_stream(const StreamQuery&) const override { return damaged(); }
    StoreResult<Page> read_all(const AllQuery&) const override { return damaged(); }
    StoreResult<std::optional<std::string>> value(Table, std::string_view) const override {
        return std::nullopt;
    }
    StoreResult<std::vector<TableEntry>> entries(Table, std::string_view, std::string_view,
                                                 std::size_t) const override {
        return std::vector<TableEntry>{};
    }
    std::size_t written = 0;  // batches

  protected:
    StoreResult<void> persist(const Batch&) override {
        ++written;
        return {};
    }
    StoreResult<Version> stored_head(std::string_view) const override { return Version{0}; }

  private:
    static std::unexpected<StoreError> damaged() {
        return std::unexpected(StoreError{StoreError::Kind::corrupt, "record 7 is damaged"});
    }
};

AppendCall call_for(std::string key = "") {
    AppendCall call;
    NewEvent event;
    event.type = "noted";
    event.payload = "{}";
    call.commit.appends.push_back({"s-1", {}, {event}});
    call.idempotency_key = std::move(key);
    call.fingerprint = "f";
    return call;
}

StoreResult<AppendOutcome> outcome_of(EventStore& store, AppendCall call) {
    StoreResult<AppendOutcome> told;
    std::vector<WorkPtr> batch;
    batch.push_back(append_work(std::move(call), [&](const auto& outcome) { told = outcome; }));
    run_batch(store, batch);
    return told;
}

TEST(Append, that_could_not_be_decided_is_never_told_as_done) {
    for (const auto* key : {"", "commits/k"}) {
        UnreadableStore store;
        auto call = call_for(key);
        call.commit.conditions.push_back({{{}, {}, {"coupon:9"}}, 0});
        const auto told = outcome_of(store, std::move(call));
        ASSERT_FALSE(told.has_value()) << "position " << told->last;
        EXPECT_EQ(told.error().kind, StoreError::Kind::io);
        EXPECT_EQ(told.error().detail, "record 7 is damaged");
        EXPECT_EQ(store.written, 0u);
    }
}

TEST(Append, with_a_condition_that_is_too_wide_is_decided_anew_when_it_comes_again) {
    MemoryStore store;
    auto wide = call_for("commits/k");
    for (int i = 0; i < 101; ++i)
        wide.commit.conditions.push_back({{{}, {"type-" + std::to_string(i)}, {}}, 0});
    for (int time = 0; time < 2; ++time) {
        const auto told = outcome_of(store, wide);
        ASSERT_TRUE(told.has_value());
        EXPECT_EQ(told->code, AppendEnd::condition_too_wide);
        EXPECT_FALSE(told->detail.empty());
    }
    EXPECT_EQ(store.head(), 0u);
    EXPECT_EQ(outcome_of(store, call_for("commits/k"))->last, 1u);
}

TEST(Append, that_was_refused_is_told_so_again) {
    MemoryStore store;
    auto call = call_for("streams/k");
    call.commit.appends.front().expected = Expected::exists();
    EXPECT_EQ(outcome_of(store, call)->code, AppendEnd::wrong_expected_version);
    ASSERT_EQ(outcome_of(store, call_for())->last, 1u);
    EXPECT_EQ(outcome_of(store, call)->code, AppendEnd::wrong_expected_version);
    EXPECT_EQ(store.head(), 1u);
}

// --- events with ids of their writers ------------------------------------------------------------

NewEvent named(const std::string& id, std::string payload = "{}") {
    NewEvent event;
    event.type = "noted";
    event.event_id = id;
    event.payload = std::move(payload);
    return event;
}

AppendCall call_with(std::vector<NewEvent> events, const std::string& stream = "s-1") {
    AppendCall call;
    call.commit.appends.push_back({stream, {}, std::move(events)});
    return call;
}

TEST(EventIds, the_same_event_again_gets_the_first_answer) {
    MemoryStore store;
    ASSERT_EQ(outcome_of(store, call_for())->last, 1u);
    auto call = call_with({named("e-1"), named("e-2")});
    call.cause = {"request-1", "http/request-1", "kim"};
    call.commit.appends.front().expected = Expected::exactly(1);
    const auto first = outcome_of(store, call);
    call.cause.correlation_id = "request-2";
    const auto again = outcome_of(store, call);
    for (const auto& told : {first, again}) {
        EXPECT_EQ(told->code, AppendEnd::ok) << told->detail;
        EXPECT_EQ(told->first, 2u);
        EXPECT_EQ(told->last, 3u);
        EXPECT_EQ(told->versions, std::vector<std::uint64_t>{3});
    }
    EXPECT_EQ(store.head(), 3u);
    EXPECT_EQ(store.read_stream({.stream = "s-1", .from = 2})->events[0]->data.correlation_id,
              "request-1");
}

TEST(EventIds, the_same_commit_again_gets_the_versions_of_each_stream) {
    MemoryStore store;
    auto call = call_with({named("e-1"), named("e-2")});
    call.commit.appends.push_back({"s-2", {}, {named("e-1")}});
    call.commit.appends.push_back({"s-1", {}, {named("e-3")}});
    ASSERT_EQ(outcome_of(store, call)->versions, (std::vector<std::uint64_t>{2, 1, 3}));
    EXPECT_EQ(outcome_of(store, call)->versions, (std::vector<std::uint64_t>{2, 1, 3}));
    EXPECT_EQ(store.head(), 4u);
}

TEST(EventIds, another_event_under_a_name_is_refused) {
    MemoryStore store;
    ASSERT_EQ(outcome_of(store, call_with({named("e-1")}))->last, 1u);
    const auto refused = [&](AppendCall call) {
        const auto told = outcome_of(store, std::move(call));
        EXPECT_EQ(told->code, AppendEnd::event_id_used);
        EXPECT_FALSE(told->detail.empty());
        return told->position;
    };
    EXPECT_EQ(refused(call_with({named("e-1", R"({"a":1})")})), 1u) << "other data";
    auto other = named("e-1");
    other.type = "other";
    EXPECT_EQ(refused(call_with({other})), 1u);
    other = named("e-1");
    other.tags = {"a"};
    EXPECT_EQ(refused(call_with({other})), 1u);
    other = named("e-1");
    other.actor = "somebody.else";
    EXPECT_EQ(refused(call_with({other})), 1u);
    EXPECT_EQ(refused(call_with({named("e-1"), named("e-2")})), 1u) << "only a part is known";
    EXPECT_EQ(refused(call_with({named("e-2"), named("e-1")})), 1u);
    EXPECT_EQ(refused(call_with({named("e-1"), named("")})), 1u) << "nobody knows the second";
    EXPECT_EQ(refused(call_with({named("e-3"), named("e-3")})), 0u) << "twice in one request";
    EXPECT_EQ(store.head(), 1u);
}

TEST(EventIds, recorded_events_in_another_order_are_refused) {
    MemoryStore store;
    ASSERT_EQ(outcome_of(store, call_with({named("e-1"), named("e-2")}))->last, 2u);
    EXPECT_EQ(outcome_of(store, call_with({named("e-2"), named("e-1")}))->code,
              AppendEnd::event_id_used);
    EXPECT_EQ(outcome_of(store, call_with({named("e-2")}))->versions,
              std::vector<std::uint64_t>{2});
}

TEST(EventIds, a_name_is_source_and_id) {
    MemoryStore store;
    ASSERT_EQ(outcome_of(store, call_with({named("e-1")}))->last, 1u);
    ASSERT_EQ(outcome_of(store, call_with({named("e-1")}, "s-2"))->last, 2u)
        << "another stream, another source";
    auto own = named("e-1");
    own.attributes = {{"source", Attribute::Type::text, "/shop"}};
    ASSERT_EQ(outcome_of(store, call_with({own}))->last, 3u);
    EXPECT_EQ(outcome_of(store, call_with({own}, "s-2"))->code, AppendEnd::event_id_used)
        << "the source is the same, the stream is another";
    EXPECT_EQ(outcome_of(store, call_with({named("")}))->last, 4u);
    EXPECT_EQ(outcome_of(store, call_with({named("")}))->last, 5u)
        << "without an id nothing is known";
}

// Both come before anything is durable.
TEST(EventIds, two_requests_in_one_batch_have_one_event) {
    MemoryStore store;
    std::vector<StoreResult<AppendOutcome>> told(3);
    std::vector<WorkPtr> batch;
    const std::vector<std::string> data = {"{}", "{}", "[]"};
    for (std::size_t i = 0; i < data.size(); ++i)
        batch.push_back(append_work(call_with({named("e-1", data[i])}),
                                    [&told, i](const auto& outcome) { told[i] = outcome; }));
    run_batch(store, batch);
    EXPECT_EQ(told[0]->last, 1u);
    EXPECT_EQ(told[1]->last, 1u);
    EXPECT_EQ(told[2]->code, AppendEnd::event_id_used);
    EXPECT_EQ(store.head(), 1u);
}

TEST(EventIds, an_answer_under_a_key_is_kept) {
    MemoryStore store;
    ASSERT_EQ(outcome_of(store, call_with({named("e-1")}))->last, 1u);
    auto keyed = call_with({named("e-1", "[]")});
    keyed.idempotency_key = "streams/k";
    keyed.fingerprint = "f";
    EXPECT_EQ(outcome_of(store, keyed)->code, AppendEnd::event_id_used);
    keyed = call_with({named("e-9")});
    keyed.idempotency_key = "streams/k";
    keyed.fingerprint = "f";
    EXPECT_EQ(outcome_of(store, keyed)->code, AppendEnd::event_id_used) << "the answer of the key";
    EXPECT_EQ(store.head(), 1u);
}

// A refusal for another reason takes no name.
TEST(EventIds, a_refused_event_takes_no_name) {
    MemoryStore store;
    auto call = call_with({named("e-1")});
    call.commit.appends.front().expected = Expected::exists();
    ASSERT_EQ(outcome_of(store, call)->code, AppendEnd::wrong_expected_version);
    EXPECT_EQ(outcome_of(store, call_with({named("e-1", "[]")}))->last, 1u);
}

}  // namespace
}  // namespace yeyak::server
