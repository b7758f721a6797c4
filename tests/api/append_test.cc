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

}  // namespace
}  // namespace yeyak::server
