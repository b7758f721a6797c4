// The published language of the notification context, which systems share: what people are told
// about a change (by Kakao or the like). The id of a notification is derived from the change that
// it tells about, "<system>-<what>-<number>" ("market-reserved-17", "vaccination-cancelled-3-2"
// for the second cancellation): one change is one notification, however often it is asked for.
//
// Systems send it as `notification::notify({.id = ..., ...})` from a policy or a saga; it waits
// when the context is stopped. What is told is text for people in both languages; no card number
// and no registration number belongs into it.
//
// Events are kept for ever: a `type` never changes its meaning, a new shape is a new type.
#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/message.h"
#include "kernel/time.h"

namespace yeyak::notification {

// --- events -----------------------------------------------------------------------------------

struct NotificationRequested {
    static constexpr std::string_view type = "notification.notification_requested.v1";
    std::string id;
    std::string recipient;  // "user-17", "hospital-3": who that is, the receiving end knows
    std::string subject;    // what it is about: "reservation-17"
    std::string kind;       // stable code of the change: "reservation_cancelled"
    std::string text_ko;
    std::string text_en;
    friend bool operator==(const NotificationRequested&, const NotificationRequested&) = default;
};
BOOST_DESCRIBE_STRUCT(NotificationRequested, (), (id, recipient, subject, kind, text_ko, text_en))

struct NotificationDelivered {
    static constexpr std::string_view type = "notification.notification_delivered.v1";
    std::string id;
    std::int64_t attempt = 0;  // 1: at once
    friend bool operator==(const NotificationDelivered&, const NotificationDelivered&) = default;
};
BOOST_DESCRIBE_STRUCT(NotificationDelivered, (), (id, attempt))

// The attempt failed; the next one is at retry_at.
struct NotificationPostponed {
    static constexpr std::string_view type = "notification.notification_postponed.v1";
    std::string id;
    std::int64_t attempt = 0;
    std::string reason;
    Instant retry_at;
    friend bool operator==(const NotificationPostponed&, const NotificationPostponed&) = default;
};
BOOST_DESCRIBE_STRUCT(NotificationPostponed, (), (id, attempt, reason, retry_at))

struct NotificationRetried {
    static constexpr std::string_view type = "notification.notification_retried.v1";
    std::string id;
    std::int64_t attempt = 0;  // that begins
    friend bool operator==(const NotificationRetried&, const NotificationRetried&) = default;
};
BOOST_DESCRIBE_STRUCT(NotificationRetried, (), (id, attempt))

// Given up, until an operator replays it.
struct NotificationDeadLettered {
    static constexpr std::string_view type = "notification.notification_dead_lettered.v1";
    std::string id;
    std::int64_t attempts = 0;
    std::string reason;
    friend bool operator==(const NotificationDeadLettered&,
                           const NotificationDeadLettered&) = default;
};
BOOST_DESCRIBE_STRUCT(NotificationDeadLettered, (), (id, attempts, reason))

// An operator has it delivered after all; the attempts are counted from the beginning.
struct NotificationReplayed {
    static constexpr std::string_view type = "notification.notification_replayed.v1";
    std::string id;
    std::string by;
    friend bool operator==(const NotificationReplayed&, const NotificationReplayed&) = default;
};
BOOST_DESCRIBE_STRUCT(NotificationReplayed, (), (id, by))

using Event = std::variant<NotificationRequested, NotificationDelivered, NotificationPostponed,
                           NotificationRetried, NotificationDeadLettered, NotificationReplayed>;

// --- commands of other contexts and of operators ----------------------------------------------

struct Notify {
    static constexpr std::string_view type = "notification.notify";
    NotificationRequested notification;
    friend bool operator==(const Notify&, const Notify&) = default;
};
BOOST_DESCRIBE_STRUCT(Notify, (), (notification))

// Of a dead letter only.
struct Replay {
    static constexpr std::string_view type = "notification.replay";
    std::string by;
    friend bool operator==(const Replay&, const Replay&) = default;
};
BOOST_DESCRIBE_STRUCT(Replay, (), (by))

// --- outcomes of effects, told by the edge ----------------------------------------------------

struct RecordDelivered {
    static constexpr std::string_view type = "notification.record_delivered";
    friend bool operator==(const RecordDelivered&, const RecordDelivered&) = default;
};
BOOST_DESCRIBE_STRUCT(RecordDelivered, (), ())

// The edge says when to try again, because the pause is partly random; never: it is given up.
struct RecordFailure {
    static constexpr std::string_view type = "notification.record_failure";
    std::string reason;
    std::optional<Instant> retry_at;
    friend bool operator==(const RecordFailure&, const RecordFailure&) = default;
};
BOOST_DESCRIBE_STRUCT(RecordFailure, (), (reason, retry_at))

// --- what its own timer says ------------------------------------------------------------------

struct TryAgain {
    static constexpr std::string_view type = "notification.try_again";
    std::int64_t attempt = 0;  // that failed
    friend bool operator==(const TryAgain&, const TryAgain&) = default;
};
BOOST_DESCRIBE_STRUCT(TryAgain, (), (attempt))

using Command = std::variant<Notify, Replay, RecordDelivered, RecordFailure, TryAgain>;

// --- effects: what the channel to the people is asked for -------------------------------------

// Carried out twice it is harmless where the receiver knows the notification's id: it is the same
// for every attempt.
struct Deliver {
    static constexpr std::string_view type = "notification.deliver";
    std::int64_t attempt = 0;  // 1, 2, 3 …
    NotificationRequested notification;
    friend bool operator==(const Deliver&, const Deliver&) = default;
};
BOOST_DESCRIBE_STRUCT(Deliver, (), (attempt, notification))

using Effect = std::variant<Deliver>;

struct Contract {
    static constexpr std::string_view category = "notification.notification";
    // The market has a notice desk of its own that can be stopped; the other systems share one.
    static std::string_view context(std::string_view id);
    static std::vector<std::string> tags(const Event& event);
    using Command = notification::Command;
    using Event = notification::Event;
};

// What a saga or policy sends to have somebody told.
inline Send notify(NotificationRequested what) {
    auto id = what.id;
    return send<Contract>(std::move(id), Notify{std::move(what)});
}

}  // namespace yeyak::notification
