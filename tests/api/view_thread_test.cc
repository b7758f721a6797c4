// Views that are rebuilt while events come in: what is built is what live has, readers never go
// back, and nothing is shown that the guard objects to.
#include "server/view_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <future>

#include "aggregates/prereservation/reservation_contract.h"
#include "eventstore/memory_store.h"
#include "projections/rebuild/parked.h"
#include "projections/rebuild/switch_note.h"
#include "projections/runner/digest.h"
#include "server/rebuilds.h"
#include "tests/api/temp_folder.h"
#include "tests/systems.h"

namespace yeyak::api {
namespace {

using eventstore::Position;
using eventstore::StoreResult;
using namespace std::chrono_literals;

const std::string name = "preReservations";
const std::string poison = "{\"id\":\"no number\"}";

// A store, its views and their threads, as a server has them.
class Served {
  public:
    explicit Served(std::chrono::seconds keep = 3600s) : keep_(keep) {
        for (const auto& view : tests::all_views()) contexts_.add(view->context());
        start();
    }
    ~Served() { stop(); }

    void start() {
        views_ = *projections::ViewStore::open(folder_.path() / "views", false);
        server::RebuildOptions rebuilding;
        rebuilding.events_at_once = 500;
        rebuilding.threads = 2;
        rebuilds_ =
            std::make_unique<server::Rebuilds>(store_, *views_, tests::all_views(), rebuilding);
        server::ViewThreadOptions options;
        options.now_ms = [this] { return now_ms_.load(); };
        options.keep_previous = keep_;
        options.failed = [](std::string_view view, const auto& error) {
            ADD_FAILURE() << view << ": " << error.detail;
        };
        options.comparable = [this](server::Comparable c) { rebuilds_->take(std::move(c)); };
        options.candidate_failed = [this](std::string_view view, const auto& error) {
            rebuilds_->candidate_failed(view, error);
        };
        options.noted = [] {};
        thread_ = *server::ViewThread::start(store_, *views_, tests::all_views(), contexts_,
                                             std::move(options));
        ASSERT_TRUE(rebuilds_->start(*thread_).has_value());
    }
    void stop() {
        if (rebuilds_) rebuilds_->stop();
        thread_.reset();
        rebuilds_.reset();
        views_.reset();
    }

    template <class Work>
    auto on_thread(Work work) {
        using Result = decltype(work());
        std::promise<Result> promise;
        thread_->post([&] { promise.set_value(work()); });
        return promise.get_future().get();
    }

    void append(std::string stream, std::string type, std::string payload) {
        eventstore::Commit commit;
        commit.time = {1000};
        eventstore::NewEvent event;
        event.type = std::move(type);
        event.payload = std::move(payload);
        commit.appends.push_back({std::move(stream), {}, {std::move(event)}});
        ASSERT_TRUE(store_.stage(std::move(commit)).has_value());
        ASSERT_TRUE(store_.flush().has_value());
    }
    template <class E>
    void append_event(std::int64_t id, const E& event) {
        append("prereservation.reservation-" + std::to_string(id), std::string{E::type},
               encode_event(prereservation::ReservationEvent{event}));
    }
    void reserve(std::int64_t id) {
        prereservation::ReservationRequested event;
        event.id = id;
        append_event(id, event);
    }
    void confirm(std::int64_t id) { append_event(id, prereservation::ReservationConfirmed{id}); }

    void wait_until(const char* what, const std::function<bool()>& holds) {
        const auto limit = std::chrono::steady_clock::now() + 120s;  // sanitizers are slow
        while (!holds()) {
            ASSERT_LT(std::chrono::steady_clock::now(), limit) << what;
            std::this_thread::sleep_for(1ms);
        }
    }
    void wait_caught_up() {
        wait_until("the view caught up",
                   [&] { return thread_->progress(name).position == store_.head(); });
    }
    void wait_state(server::RebuildState state) {
        wait_until("a state of the rebuild", [&] {
            const auto now = rebuilds_->status(name);
            return now && now->state == state;
        });
    }
    bool begin(bool accepts = false) {
        const auto begun = on_thread([&] { return rebuilds_->begin({{name, accepts, 0, "ann"}}); });
        EXPECT_TRUE(begun.has_value());
        return begun && *begun;
    }
    projections::ViewDigest digest(const projections::Build& build) {
        return *projections::digest_of(*views_, build, 1);
    }
    // What a fresh build of the whole log holds.
    projections::ViewDigest fresh(std::set<Position> skipped = {}) {
        TempFolder aside;
        const auto store = *projections::ViewStore::open(aside.path() / "views", false);
        projections::BuildHow how;
        how.skipped = std::move(skipped);
        const projections::Build one{name, 1};
        const auto builder = *tests::find_view(name)->builder(*store, one, std::move(how));
        eventstore::AllQuery query;
        query.max_events = 1'000'000;
        query.max_bytes = 1 << 30;
        EXPECT_TRUE(builder->apply(store_.read_all(query)->events).has_value());
        return *projections::digest_of(*store, one, 1);
    }
    void plant_a_ghost() {
        stop();
        {
            const auto views = *projections::ViewStore::open(folder_.path() / "views", false);
            const auto build = *views->active(name, tests::find_view(name)->version());
            projections::ViewStore::Changes changes{build};
            const auto counts = *views->counts(build);
            changes.put(projections::List::active, projections::number_key(999'999), {{1}, "{}"});
            ASSERT_TRUE(views
                            ->write(changes, *views->checkpoint(build),
                                    {counts.active + 1, counts.cancelled})
                            .has_value());
        }
        start();
    }

    std::filesystem::path folder() const { return folder_.path(); }

    eventstore::MemoryStore store_;
    Contexts contexts_;
    std::atomic<std::int64_t> now_ms_ = 1'000'000;
    std::unique_ptr<projections::ViewStore> views_;
    std::unique_ptr<server::Rebuilds> rebuilds_;
    std::unique_ptr<server::ViewThread> thread_;

  private:
    std::chrono::seconds keep_;
    TempFolder folder_;
};

TEST(Rebuild, gives_what_live_has_while_events_come_in_and_readers_never_go_back) {
    Served served;
    std::atomic<bool> over = false;
    std::atomic<std::int64_t> made = 0;
    std::thread writer{[&] {
        for (std::int64_t id = 1; !over && id < 50'000; ++id) {
            served.reserve(id);
            if (id % 3 == 0) served.confirm(id / 2 + 1);
            made = id;
        }
    }};
    std::atomic<int> reads = 0;
    std::thread reader{[&] {
        Position seen = 0;
        std::int64_t rows = 0;
        while (!over) {
            const auto now = served.thread_->progress(name);
            EXPECT_GE(now.position, seen);
            seen = now.position;
            const auto counts = served.views_->counts(now.build);
            EXPECT_GE(counts->active + counts->cancelled, rows) << "the list became shorter";
            rows = counts->active + counts->cancelled;
            ++reads;
        }
    }};
    served.wait_until("some events", [&] { return made > 2000; });
    for (int round = 0; round < 3; ++round) {
        ASSERT_TRUE(served.begin());
        EXPECT_FALSE(served.begin()) << "one is under way";
        served.wait_state(server::RebuildState::switched);
    }
    over = true;
    writer.join();
    reader.join();
    EXPECT_GT(reads, 10);
    served.wait_caught_up();
    EXPECT_EQ(served.thread_->progress(name).build.generation, 4u);
    // The checkpoint that is stored may lag behind what has no rows: let it be stored.
    served.stop();
    served.start();
    EXPECT_EQ(served.digest(served.thread_->progress(name).build), served.fresh());
    const auto notes = *served.views_->notes();
    ASSERT_EQ(notes.size(), 3u);
    const auto note = projections::decode_switch_note(notes.back().second);
    EXPECT_EQ(note->actor, "ann");
    EXPECT_EQ(note->fact.view, name);
}

TEST(Rebuild, what_differs_is_refused_until_it_is_accepted) {
    Served served;
    for (std::int64_t id = 1; id <= 300; ++id) served.reserve(id);
    served.wait_caught_up();
    served.plant_a_ghost();
    ASSERT_TRUE(served.begin());
    served.wait_state(server::RebuildState::refused);
    EXPECT_EQ(served.rebuilds_->status(name)->code, "digest_differs");
    EXPECT_EQ(served.thread_->progress(name).build.generation, 1u);
    served.reserve(301);  // the candidate is kept up to date
    ASSERT_TRUE(served.begin(true));
    served.wait_state(server::RebuildState::switched);
    EXPECT_EQ(served.thread_->progress(name).build.generation, 2u);
    served.wait_caught_up();
    EXPECT_EQ(served.views_->counts({name, 2})->active, 301);
}

TEST(Rebuild, readers_can_be_taken_back_and_the_way_back_ends) {
    Served served{60s};
    for (std::int64_t id = 1; id <= 100; ++id) served.reserve(id);
    const auto back = [&] {
        return *served.on_thread([&] {
            return served.thread_->roll_back(
                name, [](const server::BuildState&) { return std::string{}; });
        });
    };
    EXPECT_FALSE(back());
    ASSERT_TRUE(served.begin());
    served.wait_state(server::RebuildState::switched);
    served.reserve(101);
    served.wait_caught_up();
    EXPECT_TRUE(back());
    {
        const auto now = served.thread_->progress(name);  // holds on to the build that it names
        EXPECT_EQ(now.build.generation, 1u);
        EXPECT_EQ(now.previous.number, 2u);
        EXPECT_EQ(now.position, served.store_.head()) << "the previous build was kept up to date";
        EXPECT_EQ(served.views_->counts(now.build)->active, 101);
    }
    EXPECT_TRUE(back());
    served.now_ms_ += 61'000;
    served.thread_->wake();
    served.wait_until("the previous build is dropped", [&] {
        served.thread_->wake();
        return served.thread_->progress(name).previous.number == 0 &&
               *served.views_->checkpoint({name, 1}) == 0;
    });
    EXPECT_FALSE(back());
}

TEST(Rebuild, a_build_that_is_being_read_is_not_dropped) {
    Served served{0s};
    for (std::int64_t id = 1; id <= 10; ++id) served.reserve(id);
    served.wait_caught_up();
    auto reading = served.thread_->progress(name);
    ASSERT_TRUE(served.begin());
    served.wait_state(server::RebuildState::switched);
    served.wait_until("the previous build is forgotten", [&] {
        served.thread_->wake();
        return served.thread_->progress(name).previous.number == 0;
    });
    EXPECT_EQ(served.views_->counts(reading.build)->active, 10);
    reading.lease.reset();
    served.wait_until("the previous build is dropped", [&] {
        served.thread_->wake();
        return *served.views_->checkpoint({name, 1}) == 0;
    });
}

TEST(Rebuild, pauses_outlive_restarts_and_what_is_cancelled_goes) {
    Served served;
    for (std::int64_t id = 1; id <= 20'000; ++id) served.reserve(id);
    served.wait_caught_up();
    const auto pause = [&](bool paused) {
        return *served.on_thread([&] { return served.rebuilds_->pause(name, paused); });
    };
    const auto cancel = [&] {
        return *served.on_thread([&] { return served.rebuilds_->cancel(name); });
    };
    EXPECT_FALSE(pause(true));
    EXPECT_FALSE(cancel());
    const auto begun = served.on_thread([&] {
        const auto made = served.rebuilds_->begin({{name, false, 0, "ann"}});
        return made && *made && *served.rebuilds_->pause(name, true);
    });
    ASSERT_TRUE(begun);
    served.stop();
    served.start();
    EXPECT_EQ(served.rebuilds_->status(name)->state, server::RebuildState::paused);
    ASSERT_TRUE(pause(false));
    served.wait_state(server::RebuildState::switched);
    EXPECT_EQ(served.thread_->progress(name).build.generation, 2u);
    served.on_thread([&] {
        EXPECT_TRUE(*served.rebuilds_->begin({{name, false, 0, "ann"}}));
        EXPECT_TRUE(*served.rebuilds_->pause(name, true));
        return *served.rebuilds_->cancel(name);
    });
    EXPECT_EQ(served.rebuilds_->status(name)->state, server::RebuildState::cancelled);
    served.wait_until("the candidate is gone",
                      [&] { return !served.views_->builds(name)->candidate; });
    EXPECT_EQ(served.thread_->progress(name).build.generation, 2u);
}

TEST(Rebuild, what_was_under_way_goes_on_after_a_restart) {
    Served served;
    for (std::int64_t id = 1; id <= 20'000; ++id) served.reserve(id);
    served.wait_caught_up();
    ASSERT_TRUE(served.begin());
    served.stop();
    served.start();
    if (served.thread_->progress(name).build.generation == 1)
        served.wait_state(server::RebuildState::switched);
    EXPECT_EQ(served.thread_->progress(name).build.generation, 2u);
    EXPECT_EQ(served.views_->counts({name, 2})->active, 20'000);
}

TEST(Rebuild, a_new_version_of_a_projector_serves_the_old_build_until_the_new_one_is_ready) {
    Served served;
    for (std::int64_t id = 1; id <= 100; ++id) served.reserve(id);
    served.wait_caught_up();
    served.stop();
    {
        const auto views = *projections::ViewStore::open(served.folder() / "views", false);
        ASSERT_TRUE(views->activate({name, 1}, 77).has_value());
    }
    for (std::int64_t id = 101; id <= 200; ++id) served.reserve(id);
    served.start();
    served.wait_state(server::RebuildState::switched);
    const auto now = served.thread_->progress(name);
    EXPECT_EQ(now.build.generation, 2u);
    EXPECT_FALSE(now.stale);
    EXPECT_EQ(served.views_->counts(now.build)->active, 200);
    EXPECT_EQ(served.views_->counts({name, 1})->active, 100) << "as it was";
    // Back to what the old version had made: it stands still, and says so.
    ASSERT_TRUE(*served.on_thread([&] {
        return served.thread_->roll_back(name,
                                         [](const server::BuildState&) { return std::string{}; });
    }));
    EXPECT_TRUE(served.thread_->progress(name).stale);
    served.stop();
    served.start();
    EXPECT_TRUE(served.thread_->progress(name).stale) << "it is not rebuilt against our will";
    EXPECT_FALSE(served.rebuilds_->status(name).has_value());
}

TEST(ParkedEvents, are_kept_over_restarts_skipped_on_demand_and_parked_by_a_rebuild_too) {
    Served served;
    for (std::int64_t id = 1; id <= 50; ++id) served.reserve(id);
    served.append("prereservation.reservation-7",
                  std::string{prereservation::ReservationConfirmed::type}, poison);
    const auto bad = served.store_.head();
    served.confirm(7);
    served.confirm(8);
    served.wait_caught_up();
    EXPECT_EQ(served.thread_->progress(name).parked, 2u);
    ASSERT_TRUE(served.begin());
    served.wait_state(server::RebuildState::switched);
    EXPECT_EQ(served.rebuilds_->status(name)->parked, 2u);
    served.stop();
    served.start();
    EXPECT_EQ(served.thread_->progress(name).parked, 2u);
    const auto build = served.thread_->progress(name).build;
    EXPECT_FALSE((*projections::first_parked(*served.views_, build, bad + 1)).has_value());
    const auto first = *projections::first_parked(*served.views_, build, bad);
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(*served.on_thread([&] { return served.thread_->retry(name, {}); }), 0u);
    EXPECT_EQ(*served.on_thread([&] { return served.thread_->skip(name, *first); }), 2u);
    EXPECT_EQ(served.thread_->progress(name).parked, 0u);
    served.append("operations.journal-views", std::string{operations::EventSkipped::type},
                  encode_event(operations::Event{
                      operations::EventSkipped{name, static_cast<std::int64_t>(bad), "test"}}));
    served.wait_caught_up();
    ASSERT_TRUE(served.begin());
    served.wait_state(server::RebuildState::switched);
    EXPECT_EQ(served.rebuilds_->status(name)->parked, 0u);
    served.stop();
    served.start();
    EXPECT_EQ(served.digest(served.thread_->progress(name).build), served.fresh({bad}));
}

}  // namespace
}  // namespace yeyak::api
