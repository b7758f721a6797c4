// Reading the past: what is kept, what goes on from what, how much may wait, and that nothing is
// left behind.
#include "server/past.h"

#include <gtest/gtest.h>

#include <future>

#include "aggregates/prereservation/reservation_contract.h"
#include "eventstore/memory_store.h"
#include "kernel/ensure.h"
#include "tests/api/temp_folder.h"
#include "tests/systems.h"

namespace yeyak::api {
namespace {

using eventstore::Position;

class PastTest : public ::testing::Test {
  protected:
    // So many reservations that are asked for, an event each.
    void reserve(std::int64_t count) {
        for (std::int64_t i = 0; i < count; ++i) {
            prereservation::ReservationRequested asked;
            asked.id = ++last_;
            asked.user_id = 1;
            eventstore::NewEvent event;
            event.type = asked.type;
            event.payload = encode_event(prereservation::ReservationEvent{asked});
            eventstore::Commit commit;
            commit.time = {1000 * last_};
            commit.appends.push_back({"prereservation.reservation-" + std::to_string(last_),
                                      eventstore::Expected::any(),
                                      {event}});
            ensure(log.stage(std::move(commit)).has_value(), "an event is staged");
        }
        ensure(log.flush().has_value(), "the log is in memory");
    }
    std::unique_ptr<server::Past> open(server::PastOptions options = {}) {
        options.folder = folder();
        return std::make_unique<server::Past>(log, std::move(options));
    }
    std::filesystem::path folder() const { return temp.path() / "views.asof"; }
    static server::PastResult<server::PastViewPtr> get(server::Past& past, Position position) {
        std::promise<server::PastResult<server::PastViewPtr>> promise;
        past.view_at(*tests::find_view("preReservations"), position,
                     [&](auto result) { promise.set_value(std::move(result)); });
        return promise.get_future().get();
    }
    static std::int64_t rows(const server::PastResult<server::PastViewPtr>& view) {
        return (*view)->store().counts((*view)->build())->active;
    }
    std::size_t folders() const {
        std::error_code none;
        std::size_t count = 0;
        for ([[maybe_unused]] const auto& entry :
             std::filesystem::directory_iterator{folder(), none})
            ++count;
        return count;
    }

    TempFolder temp;
    eventstore::MemoryStore log;

  private:
    std::int64_t last_ = 0;
};

TEST_F(PastTest, shows_every_position_as_it_was) {
    reserve(50);
    const auto past = open();
    for (const Position position : {50, 3, 17, 0, 17, 49, 18, 1})
        EXPECT_EQ(rows(get(*past, position)), static_cast<std::int64_t>(position));
}

TEST_F(PastTest, keeps_the_last_ones_used_and_no_more_folders) {
    reserve(50);
    const auto past = open({.folder = {}, .max_builds = 3});
    const auto first = *get(*past, 1);
    for (Position position = 2; position <= 10; ++position) get(*past, position).value();
    EXPECT_EQ(past->builds(), 3U);
    EXPECT_EQ(folders(), 4U);  // the first is still being read
    EXPECT_EQ(first->store().counts(first->build())->active, 1);
    EXPECT_EQ(*get(*past, 10), *get(*past, 10)) << "the same build answers again";
}

TEST_F(PastTest, goes_on_from_the_nearest_build_before) {
    reserve(50);
    const auto past = open({.folder = {}, .max_builds = 8, .max_waiting = 16, .max_events = 20});
    const auto too_far = get(*past, 30);
    ASSERT_FALSE(too_far.has_value());
    EXPECT_EQ(too_far.error().kind, server::PastError::Kind::too_far);
    EXPECT_EQ(too_far.error().events, 30U);
    EXPECT_EQ(rows(get(*past, 20)), 20);
    EXPECT_EQ(rows(get(*past, 30)), 30);
    EXPECT_EQ(rows(get(*past, 50)), 50);
    EXPECT_EQ(rows(get(*past, 20)), 20) << "what it went on from is as it was";
}

TEST_F(PastTest, takes_no_more_work_than_may_wait) {
    reserve(2000);
    const auto past = open({.folder = {}, .max_builds = 8, .max_waiting = 2});
    std::mutex mutex;
    std::condition_variable changed;
    int done = 0;
    int busy = 0;
    for (int i = 0; i < 40; ++i)
        past->view_at(*tests::find_view("preReservations"), 100 + 3 * i, [&](auto result) {
            const std::lock_guard lock{mutex};
            ++done;
            if (!result && result.error().kind == server::PastError::Kind::busy) ++busy;
            changed.notify_all();
        });
    std::unique_lock lock{mutex};
    changed.wait(lock, [&] { return done == 40; });
    EXPECT_GT(busy, 0);
    EXPECT_LT(busy, 40);
}

TEST_F(PastTest, leaves_nothing_behind) {
    std::filesystem::create_directories(folder() / "7");  // of a server that was killed
    reserve(5);
    {
        const auto past = open();
        EXPECT_EQ(folders(), 0U);
        EXPECT_EQ(rows(get(*past, 5)), 5);
        EXPECT_EQ(folders(), 1U);
    }
    EXPECT_FALSE(std::filesystem::exists(folder()));
}

TEST_F(PastTest, pages_the_history_of_a_row) {
    reserve(3);
    const auto past = open({.folder = {}, .max_builds = 1, .max_waiting = 4, .max_events = 3});
    const auto read = [&](server::HistoryCall call) {
        call.query.view = tests::find_view("preReservations");
        call.query.key = "2";
        std::promise<server::PastResult<server::HistoryPage>> promise;
        past->history(std::move(call), [&](auto page) { promise.set_value(std::move(page)); });
        return promise.get_future().get();
    };
    server::HistoryCall call;
    call.query.last = 3;
    const auto page = read(call);
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(page->events.size(), 1U);
    EXPECT_TRUE(page->end);
    EXPECT_EQ(page->next_after, 2U);
    call.after = 2;
    EXPECT_TRUE(read(call)->events.empty());
    call.query.last = 4;
    EXPECT_EQ(read(call).error().kind, server::PastError::Kind::too_far);
}

}  // namespace
}  // namespace yeyak::api
