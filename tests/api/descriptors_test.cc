#include "server/descriptors.h"

#include <gtest/gtest.h>

namespace yeyak::server {
namespace {

std::size_t all_of(const DescriptorPlan& plan, std::size_t past_views) {
    return plan.connections + plan.turned_away + static_cast<std::size_t>(plan.log_files) +
           static_cast<std::size_t>(plan.view_files) +
           past_views * static_cast<std::size_t>(plan.past_view_files);
}

TEST(Descriptors, under_the_usual_limit_the_store_keeps_its_own) {
    const auto plan = plan_descriptors(1024, 10'000, 8);
    ASSERT_TRUE(plan) << plan.error();
    EXPECT_GE(plan->connections, 200U);
    EXPECT_GE(plan->log_files, 100);
    EXPECT_GE(plan->view_files, 50);
    EXPECT_LE(all_of(*plan, 8), 1024U - 96);
}

TEST(Descriptors, what_is_shared_out_is_never_more_than_there_is) {
    for (std::size_t limit = 256; limit < 70'000; limit = limit * 5 / 4)
        for (const std::size_t past : {1U, 8U, 100U, 1000U}) {
            const auto plan = plan_descriptors(limit, 1'000'000, past);
            if (!plan) continue;
            EXPECT_GE(plan->connections, 16U);
            if (plan->log_files > 0) EXPECT_LT(all_of(*plan, past), limit) << limit << ' ' << past;
        }
}

TEST(Descriptors, plenty_binds_nothing_but_what_was_asked_for) {
    const auto plan = plan_descriptors(1 << 20, 10'000, 8);
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->connections, 10'000U);
    EXPECT_EQ(plan->log_files, -1);
    EXPECT_EQ(plan->view_files, -1);
}

TEST(Descriptors, too_few_are_refused_with_what_to_do) {
    const auto plan = plan_descriptors(128, 10'000, 8);
    ASSERT_FALSE(plan);
    EXPECT_NE(plan.error().find("ulimit -n"), std::string::npos) << plan.error();
}

TEST(Descriptors, the_limit_of_this_process_is_raised) {
    const auto before = descriptor_limit();
    EXPECT_GE(raise_descriptor_limit(), before);
}

}  // namespace
}  // namespace yeyak::server
