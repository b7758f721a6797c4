// Who is told what when a reservation or a payment changes (PRD-N5, PRD-A13).
#include "aggregates/market/notices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aggregates/notification/contract.h"
#include "tests/aggregates/market_world.h"

namespace yeyak::tests {
namespace {

using namespace market;
using testing::ElementsAre;
using testing::HasSubstr;

template <class E>
notification::NotificationRequested told(const E& event) {
    const auto sends = Notices::react(event);
    EXPECT_EQ(sends.size(), 1u);
    const auto& command = *std::any_cast<notification::Command>(&sends[0].command);
    const auto& notice = std::get<notification::Notify>(command).notification;
    EXPECT_EQ(sends[0].id, notice.id);
    EXPECT_EQ(sends[0].delivery, Delivery::when_up);
    EXPECT_EQ(notification::Contract::context(notice.id), Notices::context);
    return notice;
}

TEST(MarketNotices, a_buyer_is_told_of_every_change_PRD_N5) {
    const auto made = told(coffee_reserved());
    EXPECT_EQ(made.id, "market-reserved-17");
    EXPECT_EQ(made.recipient, "user-1");
    EXPECT_EQ(made.subject, "reservation-17");
    EXPECT_EQ(made.kind, "reserved");
    EXPECT_EQ(made.text_ko, "Coffee 예약이 완료되었습니다 (예약 번호 17)");
    EXPECT_EQ(made.text_en, "Coffee is reserved for you (reservation 17)");
    EXPECT_EQ(told(coffee_paid()).id, "market-paid-17");
    EXPECT_EQ(told(coffee_paid()).text_en, "Coffee is paid for (reservation 17)");
    const auto cancelled = told(coffee_cancelled());
    EXPECT_EQ(cancelled.id, "market-cancelled-17");
    EXPECT_EQ(cancelled.text_en, "the reservation of Coffee was cancelled (reservation 17)");
    EXPECT_THAT(told(coffee_cancelled(CancelReason::expired)).text_ko, HasSubstr("결제 시간"));
}
TEST(MarketNotices, a_buyer_who_gave_no_name_is_known_by_the_reservation) {
    auto nobody = coffee_reserved();
    nobody.customer_id.reset();
    EXPECT_EQ(told(nobody).recipient, "reservation-17");
}
TEST(MarketNotices, one_change_is_one_notification_also_over_an_outage_PRD_A13) {
    for (const bool stopped : {false, true}) {
        MarketWorld world;
        if (stopped) world.down(std::string{Notices::context});
        world.sell();
        world.reserve(1);
        world.pay(1);
        world.rest();
        world.cancel(1);
        world.cancel(1);
        world.rest();
        if (stopped) {
            EXPECT_TRUE(world.stream("notification.notification-market-paid-1").empty());
            world.restart();
            world.up(std::string{Notices::context});
        }
        world.settle();
        for (const auto* change : {"reserved", "paid", "cancelled"}) {
            const auto events =
                world.stream(std::string{"notification.notification-market-"} + change + "-1");
            ASSERT_EQ(events.size(), 2u) << change;
            EXPECT_EQ(events[1]->data.type, notification::NotificationDelivered::type);
        }
        EXPECT_EQ(world.disagreement(), "");
    }
}

}  // namespace
}  // namespace yeyak::tests
