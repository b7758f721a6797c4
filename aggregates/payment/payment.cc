#include "aggregates/payment/payment.h"

#include <algorithm>

#include "kernel/match.h"

namespace yeyak::payment {
namespace {

using Decided = Decision<Event, Rejection>;

template <class S>
concept AnyState = AnyOf<S, None, Open, Captured, Refunding, NotCaptured, Cancelled>;
template <class C>
concept AboutTheCharge =
    AnyOf<C, RecordApproval, RecordDecline, RecordNotCharged, RecordUnknown, AskAgain>;
template <class C>
concept AboutTheRefund = AnyOf<C, RecordRefund, RecordRefundFailure, RetryRefund>;

Instant later(Instant now, std::int64_t attempt) { return now + pause_ms(attempt); }

// The same request again: it is already so. Another one for the same order is refused.
Decided requested_before(const PaymentRequested& known, const PaymentRequested& again) {
    return known == again ? Payment::unchanged() : Payment::refuse(Rejection::payment_exists);
}

Decided cancelled_without_refund(const CancelPayment& c) {
    return Payment::accept(PaymentCancellationRequested{c.order, c.reason},
                           PaymentCancelled{c.order, Won{0}});
}

// Declined or failed: the end, also of a cancellation that waited for the outcome.
template <class Outcome>
Decided not_captured(const Open& s, const std::string& reason) {
    const Outcome outcome{s.request.order, reason};
    if (!s.cancelled) return Payment::accept(outcome);
    return Payment::accept(outcome, PaymentCancelled{s.request.order, Won{0}});
}

}  // namespace

std::vector<std::string> Contract::tags(const Event& event) {
    if (const auto* e = std::get_if<PaymentRequested>(&event); e && e->user_id > 0)
        return {fmt::format("user:{}", e->user_id)};
    return {};
}

std::int64_t pause_ms(std::int64_t attempt) {
    return std::min<std::int64_t>(1000 << std::min<std::int64_t>(attempt - 1, 6), 60'000);
}

Decision<Event, Rejection> Payment::decide(const State& state, const Command& command) {
    return match(state, command)(
        [](const None&, const RequestPayment& c) { return accept(c.payment); },
        [](const AnyOf<Open, Captured> auto& s, const RequestPayment& c) {
            return requested_before(s.request, c.payment);
        },
        [](const NotCaptured&, const RequestPayment&) { return refuse(Rejection::payment_exists); },
        [](const AnyOf<Refunding, Cancelled> auto&, const RequestPayment&) {
            return refuse(Rejection::payment_cancelled);
        },

        // The order is cancelled before its payment was asked for: remembered for ever.
        [](const None&, const CancelPayment& c) { return cancelled_without_refund(c); },
        [](const Open& s, const CancelPayment& c) {
            if (s.cancelled) return unchanged();
            return accept(PaymentCancellationRequested{c.order, c.reason});
        },
        [](const Captured&, const CancelPayment& c) {
            return accept(PaymentCancellationRequested{c.order, c.reason});
        },
        [](const Refunding&, const CancelPayment&) { return unchanged(); },
        [](const NotCaptured&, const CancelPayment& c) { return cancelled_without_refund(c); },
        [](const Cancelled&, const CancelPayment&) { return unchanged(); },

        [](const Open& s, const RecordApproval& c) {
            return accept(PaymentCompleted{s.request.order, c.approval_no, s.request.price, c.now});
        },
        [](const Open& s, const RecordDecline& c) {
            return not_captured<PaymentDeclined>(s, c.reason);
        },
        [](const Open& s, const RecordNotCharged& c) {
            return not_captured<PaymentFailed>(s, c.reason);
        },
        [](const Open& s, const RecordUnknown& c) {
            if (!s.asked) return unchanged();
            const auto attempt = s.attempt + 1;
            return accept(
                PaymentOutcomeUnknown{s.request.order, c.reason, attempt, later(c.now, attempt)});
        },
        [](const Open& s, const AskAgain& c) {
            if (s.asked || c.attempt != s.attempt) return unchanged();  // of an earlier question
            return accept(PaymentOutcomeAsked{s.request.order, s.attempt});
        },
        [](const Refunding& s, const RecordRefund&) {
            return accept(PaymentCancelled{s.request.order, s.request.price});
        },
        [](const Refunding& s, const RecordRefundFailure& c) {
            if (!s.asked) return unchanged();
            const auto attempt = s.attempt + 1;
            return accept(
                RefundPostponed{s.request.order, c.reason, attempt, later(c.now, attempt)});
        },
        [](const Refunding& s, const RetryRefund& c) {
            if (s.asked || c.attempt != s.attempt) return unchanged();
            return accept(RefundRetried{s.request.order, s.attempt});
        },

        // An outcome for a payment that nobody asked for is a bug of the edge.
        [](const None&, const AboutTheCharge auto&) { return refuse(Rejection::payment_unknown); },
        [](const None&, const AboutTheRefund auto&) { return refuse(Rejection::payment_unknown); },
        // An outcome that is told twice, a timer that fires late: it is already so.
        [](const AnyOf<Captured, Refunding, NotCaptured, Cancelled> auto&,
           const AboutTheCharge auto&) { return unchanged(); },
        [](const AnyOf<Open, Captured, NotCaptured, Cancelled> auto&, const AboutTheRefund auto&) {
            return unchanged();
        });
}

State Payment::evolve(const State& state, const Event& event) {
    return match<State>(state, event)(
        [](const None&, const PaymentRequested& e) { return Open{e}; },
        [](const Open& s, const PaymentCompleted& e) -> State {
            if (s.cancelled) return Refunding{s.request};
            return Captured{s.request, e.approval_no};
        },
        [](const Open&, const PaymentDeclined&) { return NotCaptured{}; },
        [](const Open&, const PaymentFailed&) { return NotCaptured{}; },
        [](const Open& s, const PaymentOutcomeUnknown& e) {
            return Open{s.request, e.attempt, s.cancelled, false};
        },
        [](const Open& s, const PaymentOutcomeAsked&) {
            return Open{s.request, s.attempt, s.cancelled, true};
        },
        [](const Open& s, const PaymentCancellationRequested&) {
            return Open{s.request, s.attempt, true, s.asked};
        },
        [](const Captured& s, const PaymentCancellationRequested&) { return Refunding{s.request}; },
        [](const Refunding& s, const RefundPostponed& e) {
            return Refunding{s.request, e.attempt, false};
        },
        [](const Refunding& s, const RefundRetried&) {
            return Refunding{s.request, s.attempt, true};
        },
        [](const AnyState auto&, const PaymentCancelled&) { return Cancelled{}; },
        // In no other state can these happen.
        [](const AnyState auto& s,
           const AnyOf<PaymentRequested, PaymentCompleted, PaymentDeclined, PaymentFailed,
                       PaymentOutcomeUnknown, PaymentOutcomeAsked, PaymentCancellationRequested,
                       RefundPostponed, RefundRetried> auto&) { return s; });
}

Outputs<Payment> Payment::after(const State& state, const Event& event) {
    const auto key = [](const std::string& order) { return stream_of(category, order); };
    const auto refund = [&](const Refunding& s) {
        return Outputs<Payment>{.effects = {Refund{key(s.request.order), s.request.price}}};
    };
    return match<Outputs<Payment>>(state, event)(
        [&](const Open&, const PaymentRequested& e) {
            return Outputs<Payment>{.effects = {Charge{key(e.order), e.price, e.card_token}}};
        },
        [](const Open&, const PaymentOutcomeUnknown& e) {
            return Outputs<Payment>{.timers = {{e.ask_at, AskAgain{e.attempt}}}};
        },
        [&](const Open&, const PaymentOutcomeAsked& e) {
            return Outputs<Payment>{.effects = {SettleCharge{key(e.order)}}};
        },
        [&](const Refunding& s, const PaymentCancellationRequested&) { return refund(s); },
        [&](const Refunding& s, const PaymentCompleted&) { return refund(s); },
        [&](const Refunding& s, const RefundRetried&) { return refund(s); },
        [](const Refunding&, const RefundPostponed& e) {
            return Outputs<Payment>{.timers = {{e.retry_at, RetryRefund{e.attempt}}}};
        },
        // All others ask for nothing: the end, or a cancellation while the outcome is not known.
        [](const AnyState auto&,
           const AnyOf<PaymentRequested, PaymentCompleted, PaymentDeclined, PaymentFailed,
                       PaymentOutcomeUnknown, PaymentOutcomeAsked, PaymentCancellationRequested,
                       RefundPostponed, RefundRetried, PaymentCancelled> auto&) {
            return Outputs<Payment>{};
        });
}

}  // namespace yeyak::payment
