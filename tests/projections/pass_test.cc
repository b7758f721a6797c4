// The pass over the log that rebuilds share: whatever pages it is given, a candidate becomes what a
// build of the whole log is, stops at its goal, and leaves when it is ready, put down, or broken.
#include "projections/rebuild/pass.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "aggregates/prereservation/reservation_contract.h"
#include "eventstore/in_parallel.h"
#include "projections/rebuild/candidates.h"
#include "tests/projections/built_views.h"

namespace yeyak::tests {
namespace {

using eventstore::Position;
using projections::Build;
using projections::PassOptions;
using projections::RebuildPass;
using projections::View;
using projections::ViewStore;

const std::string name = "preReservations";
const Build candidate{name, 1};

const View& view() { return *tests::find_view(name); }

Log some_log(unsigned seed, int count = 12) {
    std::mt19937_64 random{seed};
    return interleave(random, some_streams(random, count));
}

RebuildPass::GoalOf up_to(Position goal) {
    return [goal](const View&) { return goal; };
}

// Reads the log for the pass in pages of the size that `next_size` says; answers what came of it.
RebuildPass::Outcome read(RebuildPass& pass, const Log& log,
                          const std::function<std::size_t()>& next_size) {
    RebuildPass::Outcome all;
    auto at = pass.after();
    const auto last = pass.last();
    while (at < last && at < log.size()) {
        const auto to = std::min<Position>({at + next_size(), last, log.size()});
        auto outcome = pass.step({log.begin() + static_cast<std::ptrdiff_t>(at),
                                  log.begin() + static_cast<std::ptrdiff_t>(to)});
        for (auto& each : outcome.advanced) all.advanced.push_back(std::move(each));
        for (auto& each : outcome.failed) all.failed.push_back(std::move(each));
        EXPECT_TRUE(outcome.hand_over.empty()) << "only between readings";
        at = to;
    }
    return all;
}

std::size_t whole() { return 1'000'000; }
std::size_t seventeen() { return 17; }

std::string built_at_once(const Log& log, const std::string& of) {
    Bench bench;
    return bench.built_at_once(log).at(of).text;
}

TEST(Pass, gives_what_a_build_of_the_whole_log_gives_whatever_pages_parts_and_readings) {
    const auto log = some_log(31);
    std::mt19937_64 random{32};
    Bench bench;
    const auto expected = bench.built_at_once(log);
    for (const bool side_by_side : {false, true}) {
        Folder folder;
        const auto store = open_views(folder.path());
        PassOptions options;
        options.parts = side_by_side ? 1 : 3;
        options.spread = [](std::size_t count, const auto& work) {
            eventstore::in_parallel(count, work);
        };
        options.side_by_side = side_by_side;
        RebuildPass pass{{}, options};
        std::size_t views = 0;
        for (const auto& each : tests::all_views()) {
            EXPECT_EQ(*pass.add(*store, *each, {name_of(*each), 1}), 0u);
            ++views;
        }
        std::set<std::string> handed_over;
        const auto take = [&](const RebuildPass::Outcome& outcome) {
            EXPECT_TRUE(outcome.failed.empty());
            for (const auto& ready : outcome.hand_over) {
                EXPECT_EQ(ready.builder->checkpoint(), log.size());
                handed_over.insert(ready.build.view);
            }
        };
        // The goals differ, and move on while it reads.
        std::map<const View*, Position> goals;
        while (!pass.empty()) {
            take(pass.aim([&](const View& of) {
                auto& goal = goals[&of];
                return goal = std::min<Position>(log.size(), goal + 1 + random() % log.size());
            }));
            take(read(pass, log, [&] { return 1 + random() % 40; }));
        }
        EXPECT_EQ(handed_over.size(), views);
        const auto stored = stored_in(folder.path(), 1);
        for (const auto& [each, built] : expected) EXPECT_EQ(stored.at(each).text, built.text);
    }
}

TEST(Pass, a_candidate_stops_at_its_goal_and_is_handed_over_there) {
    const auto log = some_log(33);
    Folder folder;
    const auto store = open_views(folder.path());
    RebuildPass pass{{}, {}};
    ASSERT_TRUE(pass.add(*store, view(), candidate).has_value());
    const auto goal = log.size() / 2;
    EXPECT_TRUE(pass.aim(up_to(goal)).hand_over.empty());
    EXPECT_EQ(pass.after(), 0u);
    EXPECT_EQ(pass.last(), goal);
    auto outcome = pass.step(log);  // a page that reaches beyond the goal
    ASSERT_EQ(outcome.advanced.size(), 1u);
    EXPECT_EQ(outcome.advanced[0].position, goal);
    EXPECT_EQ(*store->checkpoint(candidate), goal);
    EXPECT_TRUE(pass.step(log).advanced.empty());
    outcome = pass.aim(up_to(goal));
    ASSERT_EQ(outcome.hand_over.size(), 1u);
    EXPECT_TRUE(pass.empty());
    // The builder goes on where it stands.
    const Log rest{log.begin() + static_cast<std::ptrdiff_t>(goal), log.end()};
    ASSERT_TRUE(outcome.hand_over[0].builder->apply(rest).has_value());
    EXPECT_EQ(stored_in(folder.path(), 1).at(name).text, built_at_once(log, name));
}

TEST(Pass, who_is_near_is_handed_over_but_only_after_a_reading) {
    const auto log = some_log(34);
    Folder folder;
    const auto store = open_views(folder.path());
    PassOptions options;
    options.near = 10;
    RebuildPass pass{{}, options};
    ASSERT_TRUE(pass.add(*store, view(), candidate).has_value());
    EXPECT_TRUE(pass.aim(up_to(10)).hand_over.empty()) << "what is near may be all there is";
    read(pass, log, seventeen);
    EXPECT_TRUE(pass.aim(up_to(21)).hand_over.empty());
    read(pass, log, seventeen);
    EXPECT_EQ(pass.aim(up_to(31)).hand_over.size(), 1u);
}

TEST(Pass, whom_a_reading_does_not_bring_forward_is_handed_over_because_the_log_has_no_more) {
    const auto log = some_log(35);
    Folder folder;
    const auto store = open_views(folder.path());
    RebuildPass pass{{}, {}};
    ASSERT_TRUE(pass.add(*store, view(), candidate).has_value());
    EXPECT_TRUE(pass.aim(up_to(log.size() + 5)).hand_over.empty());
    read(pass, log, whole);
    EXPECT_TRUE(pass.aim(up_to(log.size() + 5)).hand_over.empty());
    read(pass, log, whole);
    const auto outcome = pass.aim(up_to(log.size() + 5));
    ASSERT_EQ(outcome.hand_over.size(), 1u);
    EXPECT_EQ(outcome.hand_over[0].builder->checkpoint(), log.size());
}

TEST(Pass, goes_on_with_what_there_is_and_reads_for_several_from_the_first_of_them) {
    const auto log = some_log(36);
    Folder folder;
    const auto store = open_views(folder.path());
    const Build ahead{name, 1};
    const Build behind{"payments", 1};
    build(*store, view(), ahead, part_of(log, 60), seventeen);
    build(*store, *tests::find_view(behind.view), behind, part_of(log, 25), seventeen);
    RebuildPass pass{{}, {}};
    EXPECT_EQ(*pass.add(*store, view(), ahead), 60u);
    EXPECT_EQ(*pass.add(*store, *tests::find_view(behind.view), behind), 25u);
    pass.aim(up_to(log.size()));
    EXPECT_EQ(pass.after(), 25u);
    read(pass, log, seventeen);
    EXPECT_EQ(pass.aim(up_to(log.size())).hand_over.size(), 2u);
    for (const auto& each : {ahead, behind})
        EXPECT_EQ(stored_in(folder.path(), 1).at(each.view).text, built_at_once(log, each.view));
}

TEST(Pass, what_was_written_by_somebody_else_leaves_and_the_others_go_on) {
    const auto log = some_log(37);
    Folder folder;
    const auto store = open_views(folder.path());
    const Build other{"payments", 1};
    RebuildPass pass{{}, {}};
    ASSERT_TRUE(pass.add(*store, view(), candidate).has_value());
    ASSERT_TRUE(pass.add(*store, *tests::find_view(other.view), other).has_value());
    pass.aim(up_to(log.size()));
    ViewStore::Changes changes{candidate};
    ASSERT_TRUE(store->write(changes, 3, {}).has_value());
    const auto outcome = read(pass, log, seventeen);
    ASSERT_EQ(outcome.failed.size(), 1u);
    EXPECT_EQ(outcome.failed[0].view, name);
    EXPECT_EQ(outcome.failed[0].error.kind, eventstore::StoreError::Kind::corrupt);
    EXPECT_EQ(pass.views(), std::vector<std::string>{other.view});
    EXPECT_EQ(pass.aim(up_to(log.size())).hand_over.size(), 1u);
    EXPECT_EQ(stored_in(folder.path(), 1).at(other.view).text, built_at_once(log, other.view));
}

TEST(Pass, who_is_put_down_keeps_what_it_has) {
    const auto log = some_log(38);
    Folder folder;
    const auto store = open_views(folder.path());
    {
        RebuildPass pass{{}, {}};
        ASSERT_TRUE(pass.add(*store, view(), candidate).has_value());
        pass.aim(up_to(log.size()));
        pass.step(part_of(log, 40));
        pass.remove(name);
        EXPECT_TRUE(pass.empty());
        EXPECT_TRUE(pass.step(log).advanced.empty());
    }
    RebuildPass again{{}, {}};
    EXPECT_EQ(*again.add(*store, view(), candidate), 40u);
}

TEST(Pass, events_are_parked_and_those_that_operators_skipped_are_gone_on_without) {
    auto log = some_log(39);
    const auto at = std::ranges::find_if(log, [](const auto& event) {
        return event->data.type == prereservation::ReservationConfirmed::type;
    });
    ASSERT_NE(at, log.end());
    auto poison = std::make_shared<eventstore::RecordedEvent>(**at);
    poison->data.payload = "{\"id\":\"no number\"}";
    *at = poison;
    Folder folder;
    const auto store = open_views(folder.path());
    const auto parked_with = [&](const projections::Skips& skips, const Build& build) {
        RebuildPass pass{skips, {}};
        EXPECT_TRUE(pass.add(*store, view(), build).has_value());
        pass.aim(up_to(log.size()));
        return pass.step(log).advanced.at(0).parked;
    };
    EXPECT_GT(parked_with({}, {name, 1}), 0u);
    EXPECT_GT(parked_with({{"payments", {poison->position}}}, {name, 2}), 0u) << "of another view";
    EXPECT_EQ(parked_with({{name, {poison->position}}}, {name, 3}), 0u);
}

// --- candidates ----------------------------------------------------------------------------------

TEST(Candidates, are_gone_on_with_unless_another_version_made_them_and_never_share_a_generation) {
    Folder folder;
    const auto store = open_views(folder.path());
    EXPECT_FALSE((*projections::kept_candidate(*store, view())).has_value());
    const auto first = *projections::new_candidate(*store, view(), "ann", true);
    EXPECT_EQ(first.generation, (projections::Generation{1, view().version()}));
    EXPECT_EQ(*projections::kept_candidate(*store, view()), first);
    const auto second = *projections::new_candidate(*store, view(), "bob");
    EXPECT_EQ(second.generation.number, 2u);
    EXPECT_EQ(*projections::kept_candidate(*store, view()), second);
    auto of_another = second;
    of_another.generation.version += 1;
    ASSERT_TRUE(store->put_candidate(name, of_another).has_value());
    EXPECT_FALSE((*projections::kept_candidate(*store, view())).has_value());
    EXPECT_FALSE(store->builds(name)->candidate.has_value()) << "it was dropped";
    EXPECT_EQ(projections::new_candidate(*store, view(), "ann")->generation.number, 3u);
}

}  // namespace
}  // namespace yeyak::tests
