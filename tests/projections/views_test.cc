// Views as wholes: any interleaving gives the same rows, an event counts once, batches do not
// matter, rows and checkpoint are one.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <utility>

#include "kernel/ensure.h"
#include "projections/runner/row_fields.h"
#include "tests/projections/built_views.h"

namespace yeyak::tests {
namespace {

using projections::Build;
using projections::field_of;
using projections::List;
using projections::text_of;

// The laws below say nothing of a view that stays empty.
TEST(Views, every_registered_view_gets_rows_from_the_logs_of_these_tests) {
    std::mt19937_64 random{5};
    Bench bench;
    for (const auto& [view, stored] :
         bench.built_at_once(interleave(random, some_streams(random, 12))))
        EXPECT_FALSE(stored.rows.empty())
            << "no row of " << view << ": add its streams to some_streams() (logs.cc)";
}

// So the rows of a customer are found by the streams that he began: api/access/own_keys.h.
TEST(Views, about_streams_of_their_own_number_have_it_as_their_key) {
    std::mt19937_64 random{4};
    const auto log = interleave(random, some_streams(random, 12));
    Folder folder;
    const auto store = open_views(folder.path());
    int looked_at = 0;
    for (const auto& view : all_views()) {
        if (view->subject().field != "id") continue;
        build(*store, *view, {name_of(*view), 1}, log, [&] { return log.size(); });
        for (const auto list : {List::active, List::cancelled}) {
            const auto look = [&](std::string_view key, const projections::StoredRow& row) {
                const auto id = field_of(row.json, "id");
                const auto* number = std::get_if<std::int64_t>(&id);
                EXPECT_EQ(key, number ? projections::number_key(*number) : text_of(id))
                    << view->name() << row.json;
                ++looked_at;
                return true;
            };
            ASSERT_TRUE(store->scan({name_of(*view), 1}, list, false, look).has_value());
        }
    }
    EXPECT_GT(looked_at, 100);
}

TEST(Views, any_interleaving_of_streams_gives_the_same_rows_PRE_X6) {
    std::mt19937_64 random{6};
    Bench bench;
    for (int round = 0; round < 15; ++round) {
        const auto streams = some_streams(random, 12);
        const auto first = bench.built_at_once(interleave(random, streams));
        const auto second = bench.built_at_once(interleave(random, streams));
        for (const auto& [view, stored] : first)
            EXPECT_EQ(stored.text, second.at(view).text) << view;
    }
}

TEST(Views, an_event_that_comes_twice_counts_once) {
    std::mt19937_64 random{7};
    Bench bench;
    for (int round = 0; round < 10; ++round) {
        const auto log = interleave(random, some_streams(random, 12));
        Log stuttering;
        for (const auto& event : log) {
            stuttering.push_back(at_position(event, stuttering.size() + 1));
            const auto& again = log[random() % static_cast<std::size_t>(event->position)];
            stuttering.push_back(at_position(again, stuttering.size() + 1));
        }
        const auto once = bench.built_at_once(log);
        for (const auto& [view, stored] : bench.built_at_once(stuttering))
            EXPECT_EQ(without_checkpoint(stored), without_checkpoint(once.at(view))) << view;
    }
}

TEST(Views, batches_and_restarts_do_not_matter) {
    std::mt19937_64 random{8};
    Bench bench;
    for (int round = 0; round < 6; ++round) {
        const auto log = interleave(random, some_streams(random, 25));
        Folder folder;
        auto store = open_views(folder.path());
        for (std::size_t end = 0; end < log.size();) {
            end = std::min(log.size(), end + 1 + random() % 60);
            const auto part = part_of(log, end);
            for (const auto& view : all_views())
                build(*store, *view, {name_of(*view), 3}, part, [&] { return 1 + random() % 7; });
            if (random() % 10 == 0) {
                store.reset();
                store = open_views(folder.path());
            }
        }
        const auto whole = bench.built_at_once(log);
        for (const auto& [view, stored] : stored_in(folder.path(), 3))
            EXPECT_EQ(stored.text, whole.at(view).text) << view;
    }
}

// All views of a log, a few events at a time, as a server builds them.
void build_side_by_side(projections::ViewStore& store, const Log& log) {
    std::vector<std::unique_ptr<projections::Builder>> builders;
    for (const auto& view : all_views())
        builders.push_back(*view->builder(store, {name_of(*view), 1}));
    for (std::size_t end = 0; end < log.size();) {
        const auto begin = std::exchange(end, std::min(log.size(), end + 3));
        const Log batch(log.begin() + static_cast<std::ptrdiff_t>(begin),
                        log.begin() + static_cast<std::ptrdiff_t>(end));
        for (const auto& builder : builders)
            ensure(builder->apply(batch, projections::Keep::lazily).has_value(), "it can be read");
    }
}

// A child builds all views and dies without closing anything; what it leaves is cut off at any
// byte.
void die_after_building(const std::filesystem::path& folder, const Log& log) {
    const auto child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const auto store = open_views(folder);
        build_side_by_side(*store, log);
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
    const auto log = interleave(random, some_streams(random, 8));
    Folder whole;
    die_after_building(whole.path(), log);
    const auto size = std::filesystem::file_size(write_ahead_log(whole.path()));
    Bench bench;
    const auto finished = bench.built_at_once(log);
    std::set<eventstore::Position> checkpoints;
    for (int cut = 0; cut < 80; ++cut) {
        Folder folder;
        std::filesystem::copy(whole.path(), folder.path(),
                              std::filesystem::copy_options::recursive |
                                  std::filesystem::copy_options::overwrite_existing);
        std::filesystem::resize_file(write_ahead_log(folder.path()), random() % (size + 1));
        // To open it for writing takes long: every fourth is built on to the end.
        const auto store = cut % 4 == 0 ? open_views(folder.path()) : nullptr;
        const auto left = stored_in(folder.path(), 1);
        const auto applied = bench.built_at_once(
            log, [&](const auto& view) { return left.at(name_of(view)).checkpoint; });
        for (const auto& [view, stored] : left) {
            checkpoints.insert(stored.checkpoint);
            ASSERT_EQ(stored.text, applied.at(view).text) << view;
        }
        if (!store) continue;
        for (const auto& view : all_views())
            build(*store, *view, {name_of(*view), 1}, log, [] { return std::size_t{50}; });
        for (const auto& [view, stored] : stored_in(folder.path(), 1))
            ASSERT_EQ(stored.text, finished.at(view).text) << view;
    }
    EXPECT_GT(checkpoints.size(), 15u);
}

}  // namespace
}  // namespace yeyak::tests
