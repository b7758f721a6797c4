#include "aggregates/notification/notification.h"

#include "kernel/match.h"

namespace yeyak::notification {
namespace {

using Decided = Decision<Event, Rejection>;

template <class S>
concept AnyState = AnyOf<S, None, Sending, Delivered, Dead>;

// The same change once more: it is already so. Another content under the same id is a mistake.
Decided requested_before(const NotificationRequested& known, const NotificationRequested& again) {
    return known == again ? Notification::unchanged()
                          : Notification::refuse(Rejection::notification_exists);
}

Decided failed(const Sending& s, const RecordFailure& c) {
    if (!s.asked) return Notification::unchanged();
    if (c.retry_at)
        return Notification::accept(
            NotificationPostponed{s.request.id, s.attempt, c.reason, *c.retry_at});
    return Notification::accept(NotificationDeadLettered{s.request.id, s.attempt, c.reason});
}

}  // namespace

std::string_view Contract::context(std::string_view id) {
    return id.starts_with("market-") ? "notice" : "notification";
}

std::vector<std::string> Contract::tags(const Event&) { return {}; }

Decision<Event, Rejection> Notification::decide(const State& state, const Command& command) {
    return match(state, command)(
        [](const None&, const Notify& c) { return accept(c.notification); },
        [](const AnyOf<Sending, Delivered, Dead> auto& s, const Notify& c) {
            return requested_before(s.request, c.notification);
        },

        [](const Sending& s, const RecordDelivered&) {
            return accept(NotificationDelivered{s.request.id, s.attempt});
        },
        [](const Dead& s, const RecordDelivered&) {
            return accept(NotificationDelivered{s.request.id, s.attempts});
        },
        [](const Sending& s, const RecordFailure& c) { return failed(s, c); },
        [](const Sending& s, const TryAgain& c) {
            if (s.asked || c.attempt != s.attempt) return unchanged();  // of an earlier attempt
            return accept(NotificationRetried{s.request.id, s.attempt + 1});
        },

        [](const Dead& s, const Replay& c) {
            return accept(NotificationReplayed{s.request.id, c.by});
        },
        [](const None&, const Replay&) { return refuse(Rejection::notification_unknown); },
        [](const AnyOf<Sending, Delivered> auto&, const Replay&) {
            return refuse(Rejection::notification_not_dead);
        },

        // An outcome for a notification that nobody asked for is a bug of the edge.
        [](const None&, const AnyOf<RecordDelivered, RecordFailure, TryAgain> auto&) {
            return refuse(Rejection::notification_unknown);
        },
        // An outcome that is told twice, a timer that fires late: it is already so.
        [](const Delivered&, const AnyOf<RecordDelivered, RecordFailure, TryAgain> auto&) {
            return unchanged();
        },
        [](const Dead&, const AnyOf<RecordFailure, TryAgain> auto&) { return unchanged(); });
}

State Notification::evolve(const State& state, const Event& event) {
    return match<State>(state, event)(
        [](const None&, const NotificationRequested& e) { return Sending{e}; },
        [](const Sending& s, const NotificationDelivered&) { return Delivered{s.request}; },
        [](const Dead& s, const NotificationDelivered&) { return Delivered{s.request}; },
        [](const Sending& s, const NotificationPostponed& e) {
            return Sending{s.request, e.attempt, false};
        },
        [](const Sending& s, const NotificationRetried& e) {
            return Sending{s.request, e.attempt};
        },
        [](const Sending& s, const NotificationDeadLettered& e) {
            return Dead{s.request, e.attempts};
        },
        [](const Dead& s, const NotificationReplayed&) { return Sending{s.request}; },
        // In no other state can these happen.
        [](const AnyState auto& s,
           const AnyOf<NotificationRequested, NotificationDelivered, NotificationPostponed,
                       NotificationRetried, NotificationDeadLettered, NotificationReplayed> auto&) {
            return s;
        });
}

Outputs<Notification> Notification::after(const State& state, const Event& event) {
    using Asked = Outputs<Notification>;
    const auto deliver = [](const Sending& s) {
        return Asked{.effects = {Deliver{s.attempt, s.request}}};
    };
    return match<Asked>(state, event)(
        [&](const Sending& s, const NotificationRequested&) { return deliver(s); },
        [&](const Sending& s, const NotificationRetried&) { return deliver(s); },
        [&](const Sending& s, const NotificationReplayed&) { return deliver(s); },
        [](const Sending&, const NotificationPostponed& e) {
            return Asked{.timers = {{e.retry_at, TryAgain{e.attempt}}}};
        },
        // All others ask for nothing: the end.
        [](const AnyState auto&,
           const AnyOf<NotificationRequested, NotificationDelivered, NotificationPostponed,
                       NotificationRetried, NotificationDeadLettered, NotificationReplayed> auto&) {
            return Asked{};
        });
}

}  // namespace yeyak::notification
