// The one writing thread: order, one flush for all that waits, a bound on what waits, an end.
#include "eventstore/sequencer.h"

#include <gmock/gmock.h>

#include <atomic>
#include <semaphore>
#include <thread>

#include "tests/eventstore/fixtures.h"

namespace yeyak::eventstore {
namespace {

// A store whose disk can be held up or fail, and that counts its flushes.
class SlowStore final : public StagingStore {
  public:
    SlowStore() : StagingStore(0) {}
    StoreResult<Page> read_stream(const StreamQuery&) const override { return Page{}; }
    StoreResult<Page> read_all(const AllQuery&) const override { return Page{}; }
    StoreResult<std::optional<std::string>> value(Table, std::string_view) const override {
        return std::nullopt;
    }
    StoreResult<std::vector<TableEntry>> entries(Table, std::string_view, std::string_view,
                                                 std::size_t) const override {
        return std::vector<TableEntry>{};
    }

    std::atomic<int> flushes = 0;
    std::atomic<bool> failing = false;
    std::atomic<bool> lookup_failing = false;
    std::atomic<Position> head_while_writing = 0;
    std::counting_semaphore<> permits{0};
    std::atomic<bool> held_up = false;

  protected:
    StoreResult<void> persist(const Batch&) override {
        if (held_up) permits.acquire();
        const bool fails = failing;  // whoever sees the flush counted may change it
        ++flushes;
        head_while_writing = head();
        if (fails) return std::unexpected(StoreError{StoreError::Kind::io, "the disk is on fire"});
        return {};
    }
    StoreResult<Version> stored_head(std::string_view) const override {
        if (lookup_failing)
            return std::unexpected(StoreError{StoreError::Kind::corrupt, "bad block"});
        return 0;
    }
};

struct Log {
    std::mutex mutex;
    std::vector<int> decided, settled;
    int failed = 0;
};

class Append final : public Work {
  public:
    Append(Log& log, int id) : log_(log), id_(id) {}
    void decide(EventStore& store) override {
        staged_ = store.stage(commit_to("s-" + std::to_string(id_ % 7))).has_value();
        const std::lock_guard lock{log_.mutex};
        log_.decided.push_back(id_);
    }
    void told(const StoreResult<Position>& outcome) override {
        const std::lock_guard lock{log_.mutex};
        log_.settled.push_back(id_);
        if (!outcome) ++log_.failed;
    }

  private:
    Log& log_;
    int id_;
    bool staged_ = false;
};

TEST(Sequencer, many_threads_are_decided_once_each_in_the_order_of_each) {
    MemoryStore store;
    Log log;
    constexpr int threads = 8, each = 2000;
    {
        Sequencer sequencer{store, {}};
        std::vector<std::thread> submitters;
        for (int t = 0; t < threads; ++t)
            submitters.emplace_back([&, t] {
                for (int i = 0; i < each; ++i)
                    ASSERT_TRUE(sequencer.submit(std::make_unique<Append>(log, t * each + i)));
            });
        for (auto& t : submitters) t.join();
    }
    EXPECT_EQ(store.head(), threads * each + 0u);
    EXPECT_EQ(log.decided, log.settled);
    EXPECT_EQ(log.failed, 0);
    std::vector<int> next(threads, 0);
    for (const int id : log.decided) EXPECT_EQ(id % each, next[id / each]++);
    EXPECT_THAT(next, testing::Each(each));
}

TEST(Sequencer, what_arrives_during_a_flush_is_the_next_batch) {
    SlowStore store;
    store.held_up = true;
    Log log;
    std::atomic<int> settled_hooks = 0;
    Sequencer sequencer{store, {[&] { ++settled_hooks; }, {}}};
    sequencer.submit(std::make_unique<Append>(log, 0));
    while (true) {
        std::this_thread::yield();
        const std::lock_guard lock{log.mutex};
        if (!log.decided.empty()) break;
    }
    for (int i = 1; i <= 500; ++i) sequencer.submit(std::make_unique<Append>(log, i));
    EXPECT_TRUE(log.settled.empty()) << "nothing is acknowledged before its flush";
    store.permits.release(2);
    sequencer.stop();
    EXPECT_EQ(store.flushes, 2);
    EXPECT_EQ(settled_hooks, 2);
    EXPECT_EQ(log.settled.size(), 501u);
}

// Stages so many events, of so many bytes each.
class Bulk final : public Work {
  public:
    Bulk(std::size_t events, std::size_t bytes) : events_(events), bytes_(bytes) {}
    void decide(EventStore& store) override {
        std::vector<NewEvent> events;
        for (std::size_t i = 0; i < events_; ++i)
            events.push_back(event("a.b.v1", std::string(bytes_, 'x')));
        EXPECT_TRUE(store.stage(commit_of({append("bulk-1", {}, std::move(events))})));
    }
    void told(const StoreResult<Position>& outcome) override { EXPECT_TRUE(outcome); }

  private:
    std::size_t events_;
    std::size_t bytes_;
};

// How many flushes it takes to do this work, all of which waits from the beginning.
int flushes_of(std::vector<WorkPtr> work) {
    SlowStore store;
    int hooks = 0;
    while (!work.empty()) {
        run_batch(store, work);
        ++hooks;
    }
    EXPECT_EQ(store.flushes, hooks);
    return store.flushes;
}

TEST(Sequencer, a_full_batch_is_flushed_before_more_is_staged) {
    std::vector<WorkPtr> many, large;
    for (int i = 0; i < 6; ++i) many.push_back(std::make_unique<Bulk>(full_batch_events / 2, 2));
    EXPECT_EQ(flushes_of(std::move(many)), 3);
    for (int i = 0; i < 40; ++i) large.push_back(std::make_unique<Bulk>(1, 1 << 20));
    EXPECT_EQ(flushes_of(std::move(large)), 3) << "16 MiB each";
}

TEST(Sequencer, a_batch_has_a_bound) {
    SlowStore store;
    store.held_up = true;
    Log log;
    Sequencer sequencer{store, {}};
    for (int i = 0; i < 5000; ++i) sequencer.submit(std::make_unique<Append>(log, i));
    store.permits.release(100);
    sequencer.stop();
    EXPECT_GE(store.flushes, 5);
    EXPECT_TRUE(std::ranges::is_sorted(log.settled));
    EXPECT_EQ(log.settled.size(), 5000u);
}

TEST(Sequencer, tells_how_large_each_batch_was_and_how_long_it_took) {
    using namespace std::chrono_literals;
    SlowStore store;
    store.held_up = true;
    Log log;
    std::vector<BatchReport> reports;
    SequencerHooks hooks;
    hooks.measured = [&](const BatchReport& report) { reports.push_back(report); };
    Sequencer sequencer{store, std::move(hooks)};
    sequencer.submit(std::make_unique<Append>(log, 0));
    while (true) {
        std::this_thread::yield();
        const std::lock_guard lock{log.mutex};
        if (!log.decided.empty()) break;
    }
    for (int i = 1; i <= 3; ++i) sequencer.submit(std::make_unique<Append>(log, i));
    EXPECT_EQ(sequencer.waiting(), 3u);
    std::this_thread::sleep_for(20ms);
    store.permits.release(2);
    sequencer.stop();
    EXPECT_EQ(sequencer.waiting(), 0u);
    ASSERT_EQ(reports.size(), 2u);
    EXPECT_EQ(reports[0].work, 1u);
    EXPECT_EQ(reports[0].events, 1u);
    EXPECT_GE(reports[0].flushing, 20ms);
    EXPECT_EQ(reports[1].work, 3u);
    EXPECT_EQ(reports[1].events, 3u);
    EXPECT_GE(reports[1].waited, 20ms) << "it came while the first was flushed";
    EXPECT_LT(reports[1].flushing, reports[0].flushing);
}

TEST(Sequencer, does_not_measure_what_the_store_did_not_take) {
    SlowStore store;
    store.failing = true;
    Log log;
    std::atomic<int> measured = 0;
    SequencerHooks hooks;
    hooks.measured = [&](const BatchReport&) { ++measured; };
    Sequencer sequencer{store, std::move(hooks)};
    sequencer.submit(std::make_unique<Append>(log, 0));
    while (measured == 0) std::this_thread::yield();
    sequencer.submit(std::make_unique<Append>(log, 1));
    sequencer.stop();
    EXPECT_EQ(log.failed, 2);
    EXPECT_EQ(measured, 1) << "the second was refused";
}

TEST(Sequencer, what_waits_is_bounded) {
    SlowStore store;
    store.held_up = true;
    Log log;
    Sequencer sequencer{store, {}, 10};
    int taken = 0;
    for (int i = 0; i < 100; ++i) taken += sequencer.submit(std::make_unique<Append>(log, i));
    EXPECT_GE(taken, 10);
    EXPECT_LE(taken, 20) << "ten wait, ten may be on their way";
    store.permits.release(100);
    sequencer.stop();
    EXPECT_EQ(log.settled.size(), static_cast<std::size_t>(taken));
    EXPECT_FALSE(sequencer.submit(std::make_unique<Append>(log, 0))) << "after stop";
}

TEST(Sequencer, a_failed_flush_is_final) {
    SlowStore store;
    Log log;
    int failures = 0;
    std::string why;
    Sequencer sequencer{store, {{}, [&](const StoreError& e) { ++failures, why = e.detail; }}};
    sequencer.submit(std::make_unique<Append>(log, 0));
    while (store.flushes == 0) std::this_thread::yield();
    store.failing = true;
    for (int i = 1; i <= 10; ++i) sequencer.submit(std::make_unique<Append>(log, i));
    while (store.flushes == 1) std::this_thread::yield();
    store.failing = false;
    for (int i = 11; i <= 20; ++i) sequencer.submit(std::make_unique<Append>(log, i));
    sequencer.stop();
    EXPECT_EQ(log.settled.size(), 21u);
    EXPECT_EQ(log.failed, 20) << "also what came when the disk was well again";
    EXPECT_EQ(store.flushes, 2);
    EXPECT_EQ(store.head(), 1u);
    EXPECT_EQ(failures, 1);
    EXPECT_EQ(why, "the disk is on fire");
}

TEST(Staging, nothing_is_visible_while_it_is_written) {
    SlowStore store;
    ASSERT_TRUE(store.stage(commit_to("s", 3)));
    store.head_while_writing = 99;
    ASSERT_TRUE(store.flush());
    EXPECT_EQ(store.head_while_writing, 0u);
    store.failing = true;
    ASSERT_TRUE(store.stage(commit_to("s", 3)));
    const auto flushed = store.flush();
    ASSERT_FALSE(flushed);
    EXPECT_EQ(flushed.error().kind, StoreError::Kind::unknown);
    EXPECT_EQ(store.head(), 3u);
    EXPECT_TRUE(store.tail().read(3, 10)->empty());
}

TEST(Staging, a_stream_that_cannot_be_read_is_not_an_empty_stream) {
    SlowStore store;
    store.lookup_failing = true;
    const auto staged = store.stage(commit_to("s", 1, Expected::exactly(4)));
    ASSERT_FALSE(staged);
    EXPECT_EQ(staged.error().kind, Conflict::Kind::unavailable);
    EXPECT_EQ(staged.error().detail, "bad block");
    store.lookup_failing = false;
    EXPECT_FALSE(store.writable()) << "for good: the decisions of this batch may rest on it";
    EXPECT_FALSE(store.flush());
    EXPECT_FALSE(store.stage(commit_to("t")));
}

TEST(Tail, a_removed_bell_is_silent_even_while_the_writer_rings) {
    MemoryStore store;
    std::atomic<bool> done = false;
    std::thread writer{[&] {
        while (!done) write(store, commit_to("s"));
    }};
    for (int i = 0; i < 500; ++i) {
        auto heard = std::make_unique<std::atomic<Position>>(0);
        const auto id =
            store.tail().add_bell([&counter = *heard](Position head) { counter = head; });
        while (i % 50 == 0 && *heard == 0) std::this_thread::yield();
        store.tail().remove_bell(id);
    }
    done = true;
    writer.join();
}

TEST(Tail, waiting_ends_with_an_event_a_timeout_or_the_end) {
    MemoryStore store;
    EXPECT_FALSE(store.tail().wait(0, std::chrono::milliseconds{1}));
    std::thread writer{[&] { write(store, commit_to("s")); }};
    EXPECT_TRUE(store.tail().wait(0, std::chrono::seconds{10}));
    writer.join();
    std::thread closer{[&] { store.tail().close(); }};
    EXPECT_FALSE(store.tail().wait(1, std::chrono::hours{1}));
    closer.join();
}

}  // namespace
}  // namespace yeyak::eventstore
