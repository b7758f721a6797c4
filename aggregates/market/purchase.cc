#include "aggregates/market/purchase.h"

#include "kernel/match.h"

namespace yeyak::market {
namespace {

using payment::CancelPayment;
using payment::PaymentCancelled;
using payment::PaymentCompleted;
using payment::PaymentDeclined;
using payment::PaymentFailed;
using payment::RequestPayment;
using Step = Purchase::Step;

Step nothing(const PurchaseState& state) { return Step{.next = state, .nothing = true}; }

BillIssued bill_of(const Reserved& e) {
    return {e.id, e.product_id, e.product_name, e.price, e.customer_id, e.expires_at};
}

Send to_bill(std::int64_t id, BillCommand command) {
    return send<BillContract>(std::to_string(id), std::move(command));
}

Send to_product(std::int64_t id, ProductCommand command) {
    return send<ProductContract>(std::to_string(id), std::move(command));
}

Send request_payment(const BillIssued& bill, const BillPaymentRequested& p) {
    const auto order = name_of({bill.id, p.attempt});
    return send<payment::Contract>(
        order, RequestPayment{{order, bill.id, bill.price, p.card_token, p.card_no,
                               bill.customer_id.value_or(0), bill.product_id, bill.product_name}});
}

Send cancel_payment(std::int64_t id, std::int64_t attempt) {
    const auto order = name_of({id, attempt});
    return send<payment::Contract>(order, CancelPayment{order, "reservation_cancelled"});
}

Send cancel(std::int64_t id, CancelReason reason) {
    return send<ReservationContract>(std::to_string(id), CancelReservation{id, reason});
}

// A buyer's own cancel has released the product already; releasing it again is nothing.
Send release(const ReservationCancelled& e) {
    return to_product(e.product_id, ReleaseProduct{e.product_id, e.id});
}

Step closed(const ReservationCancelled& e) {
    return {.next = Compensated{e.id}, .sends = {release(e), to_bill(e.id, CloseBill{e.id, {}})}};
}

Step refunding(const ReservationCancelled& e, std::int64_t attempt) {
    return {.next = Refunding{e.id, attempt}, .sends = {release(e), cancel_payment(e.id, attempt)}};
}

// Nothing was captured: the buyer may try again, unless the time is over.
Step not_captured(const Paying& s) {
    const auto id = s.bill.id;
    const auto reopen = to_bill(id, ReopenBill{id, s.payment.attempt});
    if (!s.late) return {.next = Unpaid{s.bill}, .sends = {reopen}};
    return {.next = Cancelling{id, CancelReason::expired},
            .sends = {reopen, cancel(id, CancelReason::expired)}};
}

bool is_attempt(std::string_view order, std::int64_t attempt) {
    const auto named = order_named(order);
    return named && named->attempt == attempt;
}

// An outcome counts for the attempt that is awaited.
template <class Outcome>
Step not_captured(const Paying& s, const Outcome& e) {
    return is_attempt(e.order, s.payment.attempt) ? not_captured(s) : nothing(s);
}

// Asked for in the moment in which the reservation was cancelled: nobody is to be charged.
Step too_late(const PurchaseState& state, const BillPaymentRequested& e) {
    return {.next = state, .sends = {cancel_payment(e.id, e.attempt)}};
}

}  // namespace

Purchase::Step Purchase::react(const State& state, const Input& input, Instant) {
    return match<Step>(state, input)(
        [](const NotBegun&, const Reserved& e) {
            return Step{.next = Unpaid{bill_of(e)},
                        .sends = {to_bill(e.id, IssueBill{bill_of(e)})},
                        .timers = {{e.expires_at, Expired{e.id}}}};
        },

        [](const Unpaid& s, const BillPaymentRequested& e) {
            return Step{.next = Paying{s.bill, e}, .sends = {request_payment(s.bill, e)}};
        },
        [](const Unpaid& s, const Expired&) {
            return Step{.next = Cancelling{s.bill.id, CancelReason::expired},
                        .sends = {cancel(s.bill.id, CancelReason::expired)}};
        },
        [](const Unpaid&, const ReservationCancelled& e) { return closed(e); },

        [](const Paying& s, const PaymentCompleted& e) {
            const auto attempt = s.payment.attempt;
            if (!is_attempt(e.order, attempt)) return nothing(s);
            const auto id = s.bill.id;
            const auto product = s.bill.product_id;
            return Step{.next = Completed{id, product, attempt},
                        .sends = {to_bill(id, SettleBill{id, attempt}),
                                  to_product(product, SellProduct{product, id})}};
        },
        [](const Paying& s, const PaymentDeclined& e) { return not_captured(s, e); },
        [](const Paying& s, const PaymentFailed& e) { return not_captured(s, e); },
        [](const Paying& s, const Refused& e) {
            return e.command == RequestPayment::type ? not_captured(s) : nothing(s);
        },
        [](const Paying& s, const Expired&) {
            return Step{.next = Paying{s.bill, s.payment, true}};
        },
        [](const Paying& s, const ReservationCancelled& e) {
            return refunding(e, s.payment.attempt);
        },

        [](const Completed& s, const ReservationCancelled& e) { return refunding(e, s.attempt); },
        [](const Cancelling&, const ReservationCancelled& e) { return closed(e); },
        [](const Cancelling& s, const BillPaymentRequested& e) { return too_late(s, e); },
        [](const Refunding& s, const PaymentCancelled& e) {
            if (!is_attempt(e.order, s.attempt)) return nothing(s);
            return Step{.next = Compensated{s.id},
                        .sends = {to_bill(s.id, CloseBill{s.id, e.refunded})}};
        },
        [](const Compensated& s, const BillPaymentRequested& e) { return too_late(s, e); },

        [](const auto& s, const auto&) { return nothing(s); });
}

bool Purchase::ended(const State& state) {
    return std::holds_alternative<Completed>(state) || std::holds_alternative<Compensated>(state);
}

std::vector<Send> Purchase::retry(const State& state) {
    return match<std::vector<Send>>(state)(
        [](const Unpaid& s) { return std::vector{to_bill(s.bill.id, IssueBill{s.bill})}; },
        [](const Paying& s) { return std::vector{request_payment(s.bill, s.payment)}; },
        [](const Cancelling& s) { return std::vector{cancel(s.id, s.reason)}; },
        [](const Refunding& s) { return std::vector{cancel_payment(s.id, s.attempt)}; },
        [](const auto&) { return std::vector<Send>{}; });
}

Purchase::Step Purchase::compensate(const State& state, Instant) {
    constexpr auto reason = CancelReason::operator_request;
    return match<Step>(state)(
        [](const Unpaid& s) {
            return Step{.next = Cancelling{s.bill.id, reason},
                        .sends = {cancel(s.bill.id, reason)}};
        },
        [](const Paying& s) { return Step{.next = s, .sends = {cancel(s.bill.id, reason)}}; },
        [](const Completed& s) { return Step{.next = s, .sends = {cancel(s.id, reason)}}; },
        [](const auto& s) { return nothing(s); });
}

}  // namespace yeyak::market
