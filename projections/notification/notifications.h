// What people were told, and what is still on its way or was given up: GET /notifications.
#pragma once
#include "aggregates/notification/contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct NotificationRow {
    std::string id;
    std::string context;
    std::string recipient;
    std::string subject;
    std::string kind;
    std::string text_ko;
    std::string text_en;
    std::string status;                 // requested, delivered, postponed, dead
    std::int64_t attempts = 0;          // that were begun
    std::optional<std::string> reason;  // of the last failure
    std::optional<Instant> retry_at;    // while it is postponed
    std::optional<std::string> replayed_by;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(NotificationRow, (),
                      (id, context, recipient, subject, kind, text_ko, text_en, status, attempts,
                       reason, retry_at, replayed_by, created_at, modified_at))

struct Notifications {
    static constexpr std::string_view name = "notifications";
    static constexpr std::string_view context = "notification";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "notification.notification"};
    using Sources = Contracts<notification::Contract>;
    using Row = NotificationRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return event.id;
    }
    static void apply(Row& row, const notification::NotificationRequested& e, Instant at);
    static void apply(Row& row, const notification::NotificationDelivered& e, Instant at);
    static void apply(Row& row, const notification::NotificationPostponed& e, Instant at);
    static void apply(Row& row, const notification::NotificationRetried& e, Instant at);
    static void apply(Row& row, const notification::NotificationDeadLettered& e, Instant at);
    static void apply(Row& row, const notification::NotificationReplayed& e, Instant at);
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row) {
        return {{"status", row.status}, {"recipient", row.recipient}, {"kind", row.kind}};
    }
};

}  // namespace yeyak::projections
