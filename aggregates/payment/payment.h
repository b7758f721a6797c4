// One payment, from the request to its end. At most one charge, whatever gets lost on the way:
//
//               ┌──────────▶ Declined / Failed          nothing captured
//   Requested ──┼──────────▶ Captured ──cancel──▶ Refunding ──▶ Cancelled
//        │      │                ▲                    ▲  └ postponed, retried until it succeeds
//        │      └─▶ Unknown ─────┘   (asked again with growing pauses)
//        └─cancel─▶ the cancellation is remembered: what is captured later is refunded
//   (nothing) ──cancel──▶ Cancelled: a request that comes later is refused
#pragma once
#include "aggregates/engine/aggregate_host.h"
#include "aggregates/payment/contract.h"

namespace yeyak::payment {

struct None {};
// The charge was asked for and its outcome is not known yet. `attempt` counts the times that the
// provider gave no answer; `cancelled` remembers a cancellation that came meanwhile; while `asked`
// holds an answer is on its way, else the next question waits for its time.
struct Open {
    PaymentRequested request;
    std::int64_t attempt = 0;
    bool cancelled = false;
    bool asked = true;
};
struct Captured {
    PaymentRequested request;
    std::string approval_no;
};
struct Refunding {
    PaymentRequested request;
    std::int64_t attempt = 0;
    bool asked = true;
};
struct NotCaptured {};  // declined or failed
struct Cancelled {};

using State = std::variant<None, Open, Captured, Refunding, NotCaptured, Cancelled>;

enum class Rejection { payment_cancelled, payment_exists, payment_unknown };
BOOST_DESCRIBE_ENUM(Rejection, payment_cancelled, payment_exists, payment_unknown)

struct Payment : Contract, Answers<payment::Event, payment::Rejection> {
    using State = payment::State;
    using Command = payment::Command;
    using Event = payment::Event;
    using Effect = payment::Effect;
    using Rejection = payment::Rejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
    static Outputs<Payment> after(const State& state, const Event& event);
};
static_assert(Decider<Payment>);

// The pause before the provider is asked for the n-th time: 1 s, doubling, at most a minute.
std::int64_t pause_ms(std::int64_t attempt);

}  // namespace yeyak::payment
