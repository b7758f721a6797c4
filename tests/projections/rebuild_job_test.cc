// What follows what when a view is rebuilt: from every state exactly the steps that fit.
#include "projections/rebuild/job.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <vector>

namespace yeyak::tests {
namespace {

using projections::Candidate;
using projections::RebuildJob;
using projections::RebuildState;

const eventstore::StoreError broken{eventstore::StoreError::Kind::io, "the disk is full"};

RebuildJob begun() { return RebuildJob{"payments", Candidate{{2, 1}, false, false, "ann"}}; }

// A job in each of the states, reached as in the program.
RebuildJob in(RebuildState state) {
    auto job = begun();
    if (state == RebuildState::waiting) return job;
    if (state == RebuildState::paused) {
        job.pause();
        return job;
    }
    job.enter();
    if (state == RebuildState::building) return job;
    job.hand_over();
    if (state == RebuildState::catching_up) return job;
    job.begin_comparing();
    if (state == RebuildState::refused) job.refuse({"digest_differs", "by a row", true});
    if (state == RebuildState::switched) job.switched();
    if (state == RebuildState::cancelled) job.cancel();
    if (state == RebuildState::failed) job.fail(broken);
    return job;
}

std::vector<RebuildState> all_states() {
    std::vector<RebuildState> all;
    for (int i = 0; i <= static_cast<int>(RebuildState::failed); ++i)
        all.push_back(static_cast<RebuildState>(i));
    return all;
}

TEST(RebuildJob, reaches_every_state_and_each_has_its_name) {
    const std::array<std::string_view, 9> names{"waiting",     "building",  "paused",
                                                "catching_up", "comparing", "refused",
                                                "switched",    "cancelled", "failed"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto job = in(all_states()[i]);
        EXPECT_EQ(name_of(job.state()), names[i]);
    }
}

TEST(RebuildJob, takes_only_the_steps_that_fit_its_state) {
    using enum RebuildState;
    const std::map<std::string, std::vector<RebuildState>> fits{
        {"pause", {waiting, building}},
        {"resume", {paused}},
        {"cancel", {waiting, building, paused, catching_up, comparing, refused}},
        {"replace", {switched, cancelled, failed}},
        {"again", {refused}},
        {"compare", {catching_up}},
        {"compared", {comparing}},
        {"refuse", {comparing}},
        {"switch", {comparing}},
        {"compare_again", {comparing}},
    };
    const projections::ViewDigest digest{"payments", 1, 9, 3, 1, {}};
    const std::map<std::string, std::function<bool(RebuildJob&)>> steps{
        {"pause", [](auto& job) { return job.can_pause(); }},
        {"resume", [](auto& job) { return job.can_resume(); }},
        {"cancel", [](auto& job) { return job.cancel(); }},
        {"replace", [](auto& job) { return job.may_be_replaced(); }},
        {"again", [](auto& job) { return job.is_refused(); }},
        {"compare", [](auto& job) { return job.begin_comparing(); }},
        {"compared", [&](auto& job) { return job.compared(digest); }},
        {"refuse", [](auto& job) { return job.refuse({"empty", "no rows", true}); }},
        {"switch", [](auto& job) { return job.switched(); }},
        {"compare_again", [](auto& job) { return job.compare_again(); }},
    };
    for (const auto state : all_states())
        for (const auto& [name, step] : steps) {
            auto job = in(state);
            const bool expected = std::ranges::find(fits.at(name), state) != fits.at(name).end();
            EXPECT_EQ(step(job), expected) << name << " when " << name_of(state);
            if (!expected) EXPECT_EQ(job.state(), state) << name << " changed what it does not fit";
        }
}

TEST(RebuildJob, one_that_is_paused_for_a_moment_goes_on_and_one_that_stays_paused_is_put_down) {
    auto job = in(RebuildState::building);
    EXPECT_TRUE(job.stays());
    job.pause();
    EXPECT_FALSE(job.stays());
    job.resume();
    EXPECT_TRUE(job.stays()) << "the builder is still there";
    job.advance(50, 100, 2, 1000);
    EXPECT_EQ(job.state(), RebuildState::building);
    job.pause();
    job.leave();
    EXPECT_FALSE(job.is_held());
    job.resume();
    EXPECT_TRUE(job.waits()) << "to be begun again";
    EXPECT_EQ(job.status().position, 50u);
    EXPECT_EQ(job.status().parked, 2u);
}

TEST(RebuildJob, one_that_was_cancelled_is_not_replaced_while_its_builder_is_held) {
    auto job = in(RebuildState::building);
    ASSERT_TRUE(job.cancel());
    EXPECT_FALSE(job.may_be_replaced());
    EXPECT_FALSE(job.stays());
    job.leave();
    EXPECT_TRUE(job.may_be_replaced());
    job = in(RebuildState::building);
    job.fail(broken);
    EXPECT_TRUE(job.may_be_replaced()) << "what has failed has left";
    EXPECT_EQ(job.status().code, "rebuild_failed");
    EXPECT_EQ(job.status().detail, broken.detail);
}

TEST(RebuildJob, what_was_refused_is_compared_again_as_somebody_else_wants_it) {
    auto job = in(RebuildState::refused);
    EXPECT_EQ(job.status().code, "digest_differs");
    job.again("bob", true);
    EXPECT_EQ(job.state(), RebuildState::catching_up);
    EXPECT_EQ(job.status().actor, "bob");
    EXPECT_TRUE(job.status().accepts_differences);
    EXPECT_EQ(job.status().code, "");
    EXPECT_EQ(job.status().generation, 2u);
}

TEST(RebuildJob, is_what_was_remembered_of_its_candidate) {
    const RebuildJob paused{"payments", Candidate{{5, 3}, true, true, "ann"}};
    EXPECT_EQ(paused.state(), RebuildState::paused);
    EXPECT_EQ(paused.status().generation, 5u);
    EXPECT_EQ(paused.status().actor, "ann");
    EXPECT_TRUE(paused.status().accepts_differences);
}

}  // namespace
}  // namespace yeyak::tests
