// One notification, from the request until somebody was told or it is given up:
//
//               ┌──────────────▶ Delivered
//   (nothing) ──▶ Sending ──failed for good──▶ Dead ──replay──▶ Sending, from the first attempt
//                 │   ▲
//                 └───┘ failed: waits for its time, then tries again
//
// A notification that was given up is Delivered all the same when it turns out that it arrived.
#pragma once
#include "aggregates/engine/aggregate_host.h"
#include "aggregates/notification/contract.h"

namespace yeyak::notification {

struct None {};
// `attempt` is under way while `asked` holds, else it has failed and the next one waits.
struct Sending {
    NotificationRequested request;
    std::int64_t attempt = 1;
    bool asked = true;
};
struct Delivered {
    NotificationRequested request;
};
struct Dead {
    NotificationRequested request;
    std::int64_t attempts = 0;
};

using State = std::variant<None, Sending, Delivered, Dead>;

enum class Rejection { notification_exists, notification_unknown, notification_not_dead };
BOOST_DESCRIBE_ENUM(Rejection, notification_exists, notification_unknown, notification_not_dead)

struct Notification : Contract, Answers<notification::Event, notification::Rejection> {
    using State = notification::State;
    using Command = notification::Command;
    using Event = notification::Event;
    using Effect = notification::Effect;
    using Rejection = notification::Rejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
    static Outputs<Notification> after(const State& state, const Event& event);
};
static_assert(Decider<Notification>);

}  // namespace yeyak::notification
