// Views as wholes: any interleaving gives the same rows, an event counts once, batches do not
// matter, rows and checkpoint are one, and what cannot be read stops the view by name.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "aggregates/kernel/events.h"
#include "aggregates/prereservation/reservation_contract.h"
#include "tests/projections/logs.h"

namespace yeyak::tests {
namespace {

using projections::all_views;
using projections::Build;
using projections::List;

std::string name_of(const projections::View& view) { return std::string{view.name()}; }

// A view of the whole log, built at once in a folder of its own.
std::string built_at_once(const projections::View& view, const Log& log) {
    Folder folder;
    const auto store = open_views(folder.path());
    const Build whole{name_of(view), 1};
    build(*store, view, whole, log, [] { return std::size_t{1} << 40; });
    return text_of(*store, whole);
}
// The same without the number of events in it, for logs whose rows must agree and no more.
std::string rows_of(std::string text) { return text.substr(0, text.rfind(" checkpoint")); }

TEST(Views, any_interleaving_of_streams_gives_the_same_rows_PRE_X6) {
    std::mt19937_64 random{6};
    for (int round = 0; round < 15; ++round) {
        const auto streams = some_streams(random, 12);
        const auto first = interleave(random, streams);
        const auto second = interleave(random, streams);
        for (const auto& view : all_views())
            EXPECT_EQ(built_at_once(*view, first), built_at_once(*view, second)) << view->name();
    }
}

TEST(Views, an_event_that_comes_twice_counts_once) {
    std::mt19937_64 random{7};
    for (int round = 0; round < 10; ++round) {
        const auto log = interleave(random, some_streams(random, 12));
        Log stuttering;
        for (const auto& event : log) {
            stuttering.push_back(at_position(event, stuttering.size() + 1));
            const auto& again = log[random() % static_cast<std::size_t>(event->position)];
            stuttering.push_back(at_position(again, stuttering.size() + 1));
        }
        for (const auto& view : all_views())
            EXPECT_EQ(rows_of(built_at_once(*view, stuttering)), rows_of(built_at_once(*view, log)))
                << view->name();
    }
}

TEST(Views, batches_and_restarts_do_not_matter) {
    std::mt19937_64 random{8};
    for (int round = 0; round < 6; ++round) {
        const auto log = interleave(random, some_streams(random, 25));
        Folder folder;
        auto store = open_views(folder.path());
        for (std::size_t end = 0; end < log.size();) {
            end = std::min(log.size(), end + 1 + random() % 60);
            const Log part(log.begin(), log.begin() + static_cast<std::ptrdiff_t>(end));
            for (const auto& view : all_views())
                build(*store, *view, {name_of(*view), 3}, part, [&] { return 1 + random() % 7; });
            if (random() % 3 == 0) {
                store.reset();
                store = open_views(folder.path());
            }
        }
        for (const auto& view : all_views())
            EXPECT_EQ(text_of(*store, {name_of(*view), 3}), built_at_once(*view, log));
    }
}

// A child builds a view and dies without closing anything; what it leaves is cut off at any byte.
void die_after_building(const std::filesystem::path& folder, const Log& log) {
    const auto child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const auto store = open_views(folder);
        const auto& view = *projections::find_view("myReservations");
        build(*store, view, {"myReservations", 1}, log, [] { return std::size_t{3}; });
        _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
}

std::filesystem::path write_ahead_log(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator{folder})
        if (entry.path().extension() == ".log" && entry.file_size() > 0) return entry.path();
    return {};
}

TEST(Views, after_a_crash_rows_and_checkpoint_agree) {
    std::mt19937_64 random{9};
    const auto log = interleave(random, some_streams(random, 25));
    Folder whole;
    die_after_building(whole.path(), log);
    const auto size = std::filesystem::file_size(write_ahead_log(whole.path()));
    std::set<eventstore::Position> checkpoints;
    for (int cut = 0; cut < 80; ++cut) {
        Folder folder;
        std::filesystem::copy(whole.path(), folder.path(),
                              std::filesystem::copy_options::recursive |
                                  std::filesystem::copy_options::overwrite_existing);
        std::filesystem::resize_file(write_ahead_log(folder.path()), random() % (size + 1));
        const auto store = open_views(folder.path());
        const auto checkpoint = *store->checkpoint({"myReservations", 1});
        checkpoints.insert(checkpoint);
        const Log applied(log.begin(), log.begin() + static_cast<std::ptrdiff_t>(checkpoint));
        const auto& view = *projections::find_view("myReservations");
        ASSERT_EQ(text_of(*store, {"myReservations", 1}), built_at_once(view, applied));
        build(*store, view, {"myReservations", 1}, log, [] { return std::size_t{50}; });
        ASSERT_EQ(text_of(*store, {"myReservations", 1}), built_at_once(view, log));
    }
    EXPECT_GT(checkpoints.size(), 15u);
}

TEST(Views, what_cannot_be_read_stops_the_view_with_its_position) {
    std::mt19937_64 random{10};
    auto log = interleave(random, some_streams(random, 12));
    const auto poisoned = std::ranges::find_if(log, [](const auto& event) {
        return event->position > 20 &&
               event->data.type == prereservation::ReservationConfirmed::type &&
               event->stream.starts_with("prereservation.reservation-");
    });
    ASSERT_NE(poisoned, log.end());
    const Log before(log.begin(), poisoned);
    auto poison = std::make_shared<eventstore::RecordedEvent>(**poisoned);
    poison->data.payload = "{\"id\":\"no number\"}";
    *poisoned = poison;
    Folder folder;
    const auto store = open_views(folder.path());
    const auto& view = *projections::find_view("preReservations");
    const Build one{"preReservations", 1};
    const auto builder = *view.builder(*store, one);
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto applied = builder->apply(
            {log.begin() + static_cast<std::ptrdiff_t>(builder->checkpoint()), log.end()});
        ASSERT_FALSE(applied.has_value());
        EXPECT_EQ(applied.error().kind, eventstore::StoreError::Kind::corrupt);
        EXPECT_NE(applied.error().detail.find("event " + std::to_string(poison->position)),
                  std::string::npos)
            << applied.error().detail;
        EXPECT_EQ(builder->checkpoint(), before.size());
        EXPECT_EQ(text_of(*store, one), built_at_once(view, before));
    }
}

}  // namespace
}  // namespace yeyak::tests
