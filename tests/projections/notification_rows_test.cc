// What each event does to the row of a notification.
#include <gtest/gtest.h>

#include "projections/notification/notifications.h"
#include "tests/scenario.h"

namespace yeyak::projections {
namespace {

using namespace tests;
using namespace notification;

const NotificationRequested told{"market-reserved-17", "user-1", "reservation-17",
                                 "reserved",           "예약됨", "Reserved"};
const NotificationPostponed postponed{told.id, 1, "http_503", at(9)};
const NotificationRetried retried{told.id, 2};
const NotificationDeadLettered dead_lettered{told.id, 2, "http_410"};
const NotificationReplayed replayed{told.id, "operator-3"};

NotificationRow row_of(std::string status, std::int64_t attempts, int last) {
    NotificationRow row;
    row.id = told.id;
    row.context = "notice";
    row.recipient = told.recipient;
    row.subject = told.subject;
    row.kind = told.kind;
    row.text_ko = told.text_ko;
    row.text_en = told.text_en;
    row.status = std::move(status);
    row.attempts = attempts;
    row.created_at = at(0);
    row.modified_at = at(last);
    return row;
}

TEST(NotificationsView, follows_a_notification_to_its_end) {
    given<Notifications>(told).then(row_of("requested", 1, 0));
    given<Notifications>(told, NotificationDelivered{told.id, 1}).then(row_of("delivered", 1, 1));
}

TEST(NotificationsView, tells_why_and_until_when_a_notification_waits) {
    auto waits = row_of("postponed", 1, 1);
    waits.reason = "http_503";
    waits.retry_at = at(9);
    given<Notifications>(told, postponed).then(waits);
    auto again = row_of("requested", 2, 2);
    again.reason = "http_503";
    given<Notifications>(told, postponed, retried).then(again);
}

TEST(NotificationsView, keeps_what_was_given_up_and_who_replayed_it) {
    auto dead = row_of("dead", 2, 3);
    dead.reason = "http_410";
    given<Notifications>(told, postponed, retried, dead_lettered).then(dead);
    auto back = row_of("requested", 3, 4);
    back.reason = "http_410";
    back.replayed_by = "operator-3";
    given<Notifications>(told, postponed, retried, dead_lettered, replayed).then(back);
}

TEST(NotificationsView, is_found_by_status_recipient_and_kind) {
    const auto row = given<Notifications>(told, postponed).row();
    const std::vector<IndexValue> expected{
        {"status", "postponed"}, {"recipient", "user-1"}, {"kind", "reserved"}};
    EXPECT_EQ(Notifications::indexes(row), expected);
    EXPECT_FALSE(Notifications::cancelled(row));
}

}  // namespace
}  // namespace yeyak::projections
