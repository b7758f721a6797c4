// Laws that every decider keeps, whatever happened to it before (RapidCheck):
//   repeating an accepted command adds nothing, without exception;
//   fold(all) == fold(suffix, fold(prefix));
//   evolve() takes any event in any state;
//   and what each of them never does.
#include <gtest/gtest.h>

#include "aggregates/payment/payment.h"
#include "aggregates/prereservation/receipt.h"
#include "aggregates/prereservation/reservation.h"
#include "tests/aggregates/laws.h"
#include "tests/aggregates/prereservation_samples.h"

namespace yeyak::tests {
namespace {

using namespace payment;
using namespace prereservation;

const std::vector<payment::Command> payment_commands = [] {
    auto other = payment_requested();
    other.price = Won{1};
    std::vector<payment::Command> all{RequestPayment{payment_requested()},
                                      RequestPayment{other},
                                      CancelPayment{order, "user_request"},
                                      RecordApproval{"A-1", noon},
                                      RecordDecline{"limit"},
                                      RecordNotCharged{"closed"},
                                      RecordUnknown{"timeout", noon},
                                      RecordRefund{},
                                      RecordRefundFailure{"timeout", noon}};
    for (int attempt = 0; attempt < 4; ++attempt) {
        all.push_back(AskAgain{attempt});
        all.push_back(RetryRefund{attempt});
    }
    return all;
}();
const std::vector<ReservationCommand> reservation_commands = [] {
    auto other = requested();
    other.user_address = sealed("busan");
    return std::vector<ReservationCommand>{RequestReservation{requested()},
                                           RequestReservation{other}, ConfirmReservation{17},
                                           CancelReservation{17, CancelReason::user_request},
                                           CancelReservation{17, CancelReason::payment_timeout}};
}();
const std::vector<ReceiptCommand> receipt_commands = [] {
    auto other = receipt();
    other.price = Won{1};
    return std::vector<ReceiptCommand>{IssueReceipt{receipt()}, IssueReceipt{other},
                                       CancelReceipt{17}};
}();

// What a payment has asked for and not yet heard of; at most one thing at a time.
struct Owed {
    int charges = 0;
    int refunds = 0;
    std::int64_t last_attempt = 0;

    void look(const payment::State& before, const payment::State& after, const payment::Event& e) {
        RC_ASSERT(!std::holds_alternative<payment::Cancelled>(before));
        const auto outputs = Payment::after(after, e);
        RC_ASSERT(outputs.effects.size() + outputs.timers.size() <= 1u);
        for (const auto& effect : outputs.effects) {
            if (std::holds_alternative<Charge>(effect)) RC_ASSERT(++charges == 1);
            if (std::holds_alternative<SettleCharge>(effect))
                RC_ASSERT(std::holds_alternative<payment::Open>(after));
            if (std::holds_alternative<Refund>(effect))
                RC_ASSERT(std::holds_alternative<payment::Refunding>(after));
        }
        // Whatever is not at its end has something on the way: it cannot be stuck.
        if (const auto* open = std::get_if<payment::Open>(&after);
            open && !open->asked && std::holds_alternative<PaymentOutcomeUnknown>(e))
            RC_ASSERT(outputs.timers.size() == 1u);
        if (std::holds_alternative<payment::Refunding>(after) &&
            !std::holds_alternative<payment::Refunding>(before))
            RC_ASSERT(outputs.effects.size() == 1u);
        std::int64_t attempt = 0;
        if (const auto* unknown = std::get_if<PaymentOutcomeUnknown>(&e))
            attempt = unknown->attempt;
        if (const auto* postponed = std::get_if<RefundPostponed>(&e)) attempt = postponed->attempt;
        if (std::holds_alternative<PaymentCompleted>(e)) last_attempt = 0;
        if (attempt > 0) RC_ASSERT(attempt == ++last_attempt);
    }
};

RC_GTEST_PROP(PaymentLaws, hold_for_every_history, ()) {
    Owed owed;
    const auto history =
        live<Payment>(payment_commands, [&](const auto&... seen) { owed.look(seen...); });
    RC_ASSERT(count<PaymentCompleted>(history) <= 1);
    RC_ASSERT(count<payment::PaymentCancelled>(history) <= 1);
    std::int64_t captured = 0;
    std::int64_t refunded = 0;
    std::int64_t asked_for = 0;
    for (const auto& event : history) {
        if (const auto* e = std::get_if<PaymentRequested>(&event)) asked_for = e->price.amount;
        if (const auto* e = std::get_if<PaymentCompleted>(&event)) captured += e->captured.amount;
        if (const auto* e = std::get_if<payment::PaymentCancelled>(&event))
            refunded += e->refunded.amount;
    }
    RC_ASSERT((captured - refunded == 0 || captured - refunded == asked_for));
    const auto state = fold<Payment>(history);
    if (std::holds_alternative<payment::Cancelled>(state)) RC_ASSERT(captured == refunded);
    if (std::holds_alternative<Captured>(state)) RC_ASSERT(captured == asked_for);
    if (std::holds_alternative<NotCaptured>(state)) RC_ASSERT(captured == 0);
}

RC_GTEST_PROP(ReservationLaws, hold_for_every_history, ()) {
    const auto history =
        live<Reservation>(reservation_commands, [](const auto& before, const auto&, const auto&) {
            RC_ASSERT(!std::holds_alternative<prereservation::Cancelled>(before));
        });
    RC_ASSERT(count<ReservationRequested>(history) <= 1);
    RC_ASSERT(count<ReservationConfirmed>(history) <= 1);
    RC_ASSERT(count<prereservation::ReservationCancelled>(history) <= 1);
}

RC_GTEST_PROP(ReceiptLaws, hold_for_every_history, ()) {
    const auto history =
        live<Receipt>(receipt_commands, [](const auto& before, const auto&, const auto&) {
            RC_ASSERT(!std::holds_alternative<Withdrawn>(before));
        });
    RC_ASSERT(count<ReceiptIssued>(history) <= 1);
    RC_ASSERT(count<ReceiptCancelled>(history) <= 1);
}

RC_GTEST_PROP(EvolveLaws, is_total, ()) {
    total<Payment>({payment_requested(), completed(), PaymentDeclined{order, "limit"},
                    PaymentFailed{order, "closed"}, PaymentOutcomeUnknown{order, "t", 1, noon},
                    PaymentOutcomeAsked{order, 1}, PaymentCancellationRequested{order, "u"},
                    RefundPostponed{order, "t", 1, noon}, RefundRetried{order, 1},
                    payment::PaymentCancelled{order, price}});
    total<Reservation>({requested(), ReservationConfirmed{17},
                        prereservation::ReservationCancelled{17, CancelReason::user_request}});
    total<Receipt>({receipt(), ReceiptCancelled{17, 17}});
}

}  // namespace
}  // namespace yeyak::tests
