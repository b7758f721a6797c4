#include "projections/notification/notifications.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::NotificationRow)
}

namespace yeyak::projections {
namespace {

using namespace notification;

void turn(NotificationRow& row, std::string_view status, Instant at) {
    row.status = status;
    row.retry_at.reset();
    row.modified_at = at;
}

}  // namespace

void Notifications::apply(Row& row, const NotificationRequested& e, Instant at) {
    row = {};
    row.id = e.id;
    row.context = notification::Contract::context(e.id);
    row.recipient = e.recipient;
    row.subject = e.subject;
    row.kind = e.kind;
    row.text_ko = e.text_ko;
    row.text_en = e.text_en;
    row.attempts = 1;
    row.created_at = at;
    turn(row, "requested", at);
}

void Notifications::apply(Row& row, const NotificationDelivered&, Instant at) {
    turn(row, "delivered", at);
}

void Notifications::apply(Row& row, const NotificationPostponed& e, Instant at) {
    turn(row, "postponed", at);
    row.reason = e.reason;
    row.retry_at = e.retry_at;
}

void Notifications::apply(Row& row, const NotificationRetried&, Instant at) {
    turn(row, "requested", at);
    ++row.attempts;
}

void Notifications::apply(Row& row, const NotificationDeadLettered& e, Instant at) {
    turn(row, "dead", at);
    row.reason = e.reason;
}

void Notifications::apply(Row& row, const NotificationReplayed& e, Instant at) {
    turn(row, "requested", at);
    ++row.attempts;
    row.replayed_by = e.by;
}

}  // namespace yeyak::projections
