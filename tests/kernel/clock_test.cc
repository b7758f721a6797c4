// The program's clock beside a date that is set on, set back, or stands still.
#include "kernel/edge/clock.h"

#include <gtest/gtest.h>

namespace yeyak {
namespace {

constexpr std::int64_t day = 86'400'000;
std::int64_t date = 0;
std::int64_t steady = 0;

constexpr Clock::Sources sources{[] { return date; }, [] { return steady; }};

class ClockTest : public testing::Test {
  protected:
    void SetUp() override {
        date = 1'000 * day;
        steady = 5'000;
    }
    static void pass(std::int64_t ms) {
        date += ms;
        steady += ms;
    }
};

TEST_F(ClockTest, tells_the_date) {
    const Clock real{std::nullopt, sources};
    EXPECT_EQ(real.now().ms, 1'000 * day);
    pass(250);
    EXPECT_EQ(real.now().ms, 1'000 * day + 250);
}

TEST_F(ClockTest, follows_a_date_that_is_set_on) {
    const Clock real{std::nullopt, sources};
    date += 3 * day;
    EXPECT_EQ(real.now().ms, 1'003 * day);
    pass(1);
    EXPECT_EQ(real.now().ms, 1'003 * day + 1);
}

TEST_F(ClockTest, goes_on_at_its_own_pace_when_the_date_is_set_back) {
    const Clock real{std::nullopt, sources};
    pass(100);
    const auto before = real.now();
    date -= 7 * day;
    EXPECT_EQ(real.now(), before);
    pass(40);
    EXPECT_EQ(real.now(), before + 40);
    date += 8 * day;
    EXPECT_EQ(real.now(), before + 40 + day) << "the date has caught up";
}

TEST_F(ClockTest, follows_the_date_from_where_it_was_told_to_begin) {
    const Clock moved{Instant{77}, sources};
    EXPECT_EQ(moved.now().ms, 77);
    pass(10);
    EXPECT_EQ(moved.now().ms, 87);
    date += day;
    EXPECT_EQ(moved.now().ms, 87 + day);
}

}  // namespace
}  // namespace yeyak
