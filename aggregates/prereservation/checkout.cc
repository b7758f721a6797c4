#include "aggregates/prereservation/checkout.h"

#include "kernel/match.h"

namespace yeyak::prereservation {
namespace {

using payment::CancelPayment;
using payment::PaymentCancelled;
using payment::PaymentCompleted;
using payment::PaymentDeclined;
using payment::PaymentFailed;
using payment::PaymentOutcomeUnknown;
using payment::RequestPayment;
using Step = Checkout::Step;

Step nothing(const CheckoutState& state) { return Step{.next = state, .nothing = true}; }

Send request_payment(const ReservationRequested& r) {
    return send<payment::Contract>(
        order_of(r.id),
        RequestPayment{{order_of(r.id), r.id, r.price, r.card_token, r.card_no, r.user_id,
                        r.product_id, r.product_name}},
        Delivery::now);
}

Send cancel_payment(std::int64_t id, std::string reason) {
    return send<payment::Contract>(order_of(id), CancelPayment{order_of(id), std::move(reason)});
}

Send confirm(std::int64_t id) {
    return send<ReservationContract>(std::to_string(id), ConfirmReservation{id});
}

Send cancel(std::int64_t id, CancelReason reason) {
    return send<ReservationContract>(std::to_string(id), CancelReservation{id, reason});
}

// The day is that of the payment, in Seoul, whenever the receipt comes to be written.
Send issue_receipt(const Paying& r, Instant paid_at) {
    const Date expected = seoul_date(paid_at) + r.delivery_days;
    return send<ReceiptContract>(std::to_string(r.id),
                                 IssueReceipt{{r.id, r.id, r.id, r.user_id, r.product_id,
                                               r.product_name, r.price, expected}});
}

Send cancel_receipt(std::int64_t id) {
    return send<ReceiptContract>(std::to_string(id), CancelReceipt{id});
}

Step undone(std::int64_t id, CancelReason reason) {
    return {.next = Compensated{id}, .sends = {cancel(id, reason)}};
}

// Compensation is over when everything that was open is closed.
Step compensating(Compensating s) {
    if (!s.payment_open && !s.receipt_open) return {.next = Compensated{s.id}};
    return {.next = s};
}

}  // namespace

std::optional<std::string> Checkout::route(const ReservationRequested& e) {
    return std::to_string(e.id);
}
std::optional<std::string> Checkout::route(const ReservationCancelled& e) {
    return std::to_string(e.id);
}
std::optional<std::string> Checkout::route(const ReceiptCancelled& e) {
    return std::to_string(e.pre_reservation_id);
}

Checkout::Step Checkout::react(const State& state, const Input& input, Instant) {
    return match<Step>(state, input)(
        [](const NotBegun&, const ReservationRequested& e) {
            return Step{.next = Paying{e.id, e.user_id, e.product_id, e.product_name, e.price,
                                       e.delivery_days},
                        .sends = {request_payment(e)}};
        },

        [](const Paying& s, const PaymentCompleted& e) {
            return Step{.next = Completed{s.id},
                        .sends = {confirm(s.id), issue_receipt(s, e.paid_at)}};
        },
        [](const Paying& s, const PaymentDeclined&) {
            return undone(s.id, CancelReason::payment_declined);
        },
        [](const Paying& s, const PaymentFailed&) {
            return undone(s.id, CancelReason::payment_unavailable);
        },
        [](const Paying& s, const Refused&) {
            return undone(s.id, CancelReason::payment_unavailable);
        },
        [](const Paying& s, const PaymentOutcomeUnknown&) {
            return Step{.next = Compensating{s.id, true, false},
                        .sends = {cancel(s.id, CancelReason::payment_timeout),
                                  cancel_payment(s.id, "payment_timeout")}};
        },
        [](const Paying& s, const ReservationCancelled&) {
            return Step{.next = Compensating{s.id, true, false},
                        .sends = {cancel_payment(s.id, "user_request")}};
        },

        [](const Completed& s, const ReservationCancelled&) {
            return Step{.next = Compensating{s.id, true, true},
                        .sends = {cancel_payment(s.id, "user_request"), cancel_receipt(s.id)}};
        },

        [](const Compensating& s, const PaymentCancelled&) {
            return compensating({s.id, false, s.receipt_open});
        },
        [](const Compensating& s, const ReceiptCancelled&) {
            return compensating({s.id, s.payment_open, false});
        },

        [](const auto& s, const auto&) { return nothing(s); });
}

std::vector<Send> Checkout::retry(const State& state) {
    std::vector<Send> sends;
    if (const auto* s = std::get_if<Compensating>(&state)) {
        if (s->payment_open) sends.push_back(cancel_payment(s->id, "operator"));
        if (s->receipt_open) sends.push_back(cancel_receipt(s->id));
    }
    return sends;
}

Checkout::Step Checkout::compensate(const State& state, Instant) {
    return match<Step>(state)(
        [](const Paying& s) {
            return Step{.next = Compensating{s.id, true, false},
                        .sends = {cancel(s.id, CancelReason::user_request),
                                  cancel_payment(s.id, "operator")}};
        },
        [](const Completed& s) {
            return Step{.next = Compensating{s.id, true, true},
                        .sends = {cancel(s.id, CancelReason::user_request),
                                  cancel_payment(s.id, "operator"), cancel_receipt(s.id)}};
        },
        [](const auto& s) { return nothing(s); });
}

bool Checkout::ended(const State& state) {
    return std::holds_alternative<Completed>(state) || std::holds_alternative<Compensated>(state);
}

}  // namespace yeyak::prereservation
