// The scenario of a row that is not as expected says where the test is, and of which events it is.
#include "tests/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include "projections/notification/notifications.h"

namespace yeyak::projections {
namespace {

using namespace tests;
using namespace notification;
using testing::EndsWith;
using testing::HasSubstr;

TEST(RowScenario, names_the_line_the_events_and_both_rows) {
    const NotificationRequested told{"market-reserved-17", "user-1", "reservation-17",
                                     "reserved",           "예약됨", "Reserved"};
    testing::TestPartResultArray seen;
    const int line = __LINE__ + 3;
    {
        const testing::ScopedFakeTestPartResultReporter reporter{&seen};
        given<Notifications>(told, NotificationDelivered{told.id, 1}).then({});
    }
    ASSERT_EQ(seen.size(), 1);
    const auto& failure = seen.GetTestPartResult(0);
    EXPECT_THAT(failure.file_name(), EndsWith("tests/projections/scenario_test.cc"));
    EXPECT_EQ(failure.line_number(), line);
    for (const auto* text : {"expected\n    {", "but got\n    {", R"("id":"market-reserved-17")",
                             "given\n    notification.notification_requested.v1\n    "
                             "notification.notification_delivered.v1"})
        EXPECT_THAT(failure.message(), HasSubstr(text));
}

TEST(RowScenario, is_about_one_row) {
    testing::TestPartResultArray seen;
    {
        const testing::ScopedFakeTestPartResultReporter reporter{&seen};
        given<Notifications>(NotificationDelivered{"a", 1}, NotificationDelivered{"b", 1}).row();
    }
    ASSERT_EQ(seen.size(), 1);
    EXPECT_THAT(seen.GetTestPartResult(0).message(), HasSubstr("one row, but b follows a"));
}

}  // namespace
}  // namespace yeyak::projections
