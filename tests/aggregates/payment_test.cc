// Every rule of a payment: what each command means in each state, and what it asks of the provider.
#include "aggregates/payment/payment.h"

#include "tests/aggregates/prereservation_samples.h"
#include "tests/kept.h"
#include "tests/scenario.h"

namespace yeyak::payment {
namespace {

using namespace tests;

const RequestPayment request{payment_requested()};
const CancelPayment cancel{order, "user_request"};
const PaymentCancellationRequested cancelling{order, "user_request"};
const PaymentCancelled nothing_refunded{order, Won{0}};
const PaymentCancelled refunded{order, price};
const RecordApproval approval{"A-1", noon};
const RecordUnknown no_answer{"timeout", noon};
const PaymentOutcomeUnknown unknown{order, "timeout", 1, noon + 1000};
const PaymentOutcomeAsked asked{order, 1};
const RefundPostponed postponed{order, "timeout", 1, noon + 1000};
const RecordRefundFailure refund_failed{"timeout", noon};

// The states, by the shortest way there.
auto nothing() { return given<Payment>(); }
auto open() { return given<Payment>(payment_requested()); }
auto waiting() { return given<Payment>(payment_requested(), unknown); }
auto asking() { return given<Payment>(payment_requested(), unknown, asked); }
auto open_cancelled() { return given<Payment>(payment_requested(), cancelling); }
auto captured() { return given<Payment>(payment_requested(), completed()); }
auto refunding() { return given<Payment>(payment_requested(), completed(), cancelling); }
auto refund_waiting() {
    return given<Payment>(payment_requested(), completed(), cancelling, postponed);
}
auto declined() { return given<Payment>(payment_requested(), PaymentDeclined{order, "limit"}); }
auto cancelled() { return given<Payment>(payment_requested(), completed(), cancelling, refunded); }

TEST(PaymentRequest, the_first_one_is_taken) { nothing().when(request).then(payment_requested()); }
TEST(PaymentRequest, again_changes_nothing_while_it_is_open) {
    open().when(request).then_nothing();
}
TEST(PaymentRequest, again_changes_nothing_once_captured) {
    captured().when(request).then_nothing();
}
TEST(PaymentRequest, another_one_for_the_same_order_is_refused) {
    auto other = payment_requested();
    other.price = Won{1};
    open().when(RequestPayment{other}).then_rejected(Rejection::payment_exists);
    captured().when(RequestPayment{other}).then_rejected(Rejection::payment_exists);
}
TEST(PaymentRequest, after_a_decline_is_refused) {
    declined().when(request).then_rejected(Rejection::payment_exists);
}
TEST(PaymentRequest, of_a_cancelled_payment_is_refused_PRE_X2) {
    refunding().when(request).then_rejected(Rejection::payment_cancelled);
    cancelled().when(request).then_rejected(Rejection::payment_cancelled);
}

TEST(PaymentCancel, that_comes_first_is_remembered_PRE_X2) {
    nothing().when(cancel).then(cancelling, nothing_refunded);
    given<Payment>(cancelling, nothing_refunded)
        .when(request)
        .then_rejected(Rejection::payment_cancelled);
}
TEST(PaymentCancel, of_an_open_payment_waits_for_its_outcome_PRE_X2) {
    open().when(cancel).then(cancelling);
    waiting().when(cancel).then(cancelling);
}
TEST(PaymentCancel, of_a_captured_payment_refunds_PRE_F5) {
    captured().when(cancel).then(cancelling);
}
TEST(PaymentCancel, of_a_declined_payment_has_nothing_to_refund) {
    declined().when(cancel).then(cancelling, nothing_refunded);
}
TEST(PaymentCancel, again_changes_nothing) {
    open_cancelled().when(cancel).then_nothing();
    refunding().when(cancel).then_nothing();
    cancelled().when(cancel).then_nothing();
}

TEST(PaymentApproval, captures_the_price) { open().when(approval).then(completed()); }
TEST(PaymentApproval, that_comes_late_captures_all_the_same_PRE_X2) {
    waiting().when(approval).then(completed());
    asking().when(approval).then(completed());
    open_cancelled().when(approval).then(completed());
}
TEST(PaymentApproval, told_twice_changes_nothing) {
    captured().when(approval).then_nothing();
    refunding().when(approval).then_nothing();
    cancelled().when(approval).then_nothing();
    declined().when(approval).then_nothing();
}

TEST(PaymentDecline, ends_the_payment) {
    open().when(RecordDecline{"limit"}).then(PaymentDeclined{order, "limit"});
    asking().when(RecordDecline{"limit"}).then(PaymentDeclined{order, "limit"});
}
TEST(PaymentDecline, ends_a_cancelled_payment_without_a_refund) {
    open_cancelled()
        .when(RecordDecline{"limit"})
        .then(PaymentDeclined{order, "limit"}, nothing_refunded);
}
TEST(PaymentDecline, told_twice_or_too_late_changes_nothing) {
    declined().when(RecordDecline{"limit"}).then_nothing();
    captured().when(RecordDecline{"limit"}).then_nothing();
    refunding().when(RecordDecline{"limit"}).then_nothing();
    cancelled().when(RecordDecline{"limit"}).then_nothing();
}

TEST(PaymentNotCharged, ends_the_payment) {
    open().when(RecordNotCharged{"refused"}).then(PaymentFailed{order, "refused"});
    asking().when(RecordNotCharged{"closed"}).then(PaymentFailed{order, "closed"});
}
TEST(PaymentNotCharged, ends_a_cancelled_payment_without_a_refund) {
    open_cancelled()
        .when(RecordNotCharged{"closed"})
        .then(PaymentFailed{order, "closed"}, nothing_refunded);
}
TEST(PaymentNotCharged, told_twice_or_too_late_changes_nothing) {
    declined().when(RecordNotCharged{"closed"}).then_nothing();
    captured().when(RecordNotCharged{"closed"}).then_nothing();
    refunding().when(RecordNotCharged{"closed"}).then_nothing();
    cancelled().when(RecordNotCharged{"closed"}).then_nothing();
}

TEST(PaymentUnknown, is_asked_again_after_a_pause_PRE_X2) { open().when(no_answer).then(unknown); }
TEST(PaymentUnknown, pauses_grow_with_every_attempt) {
    asking().when(no_answer).then(PaymentOutcomeUnknown{order, "timeout", 2, noon + 2000});
    EXPECT_EQ(pause_ms(1), 1000);
    EXPECT_EQ(pause_ms(4), 8000);
    EXPECT_EQ(pause_ms(6), 32'000);
    EXPECT_EQ(pause_ms(7), 60'000);
    EXPECT_EQ(pause_ms(1'000'000), 60'000);
}
TEST(PaymentUnknown, told_twice_counts_once) { waiting().when(no_answer).then_nothing(); }
TEST(PaymentUnknown, of_a_payment_whose_outcome_is_known_changes_nothing) {
    captured().when(no_answer).then_nothing();
    refunding().when(no_answer).then_nothing();
    declined().when(no_answer).then_nothing();
    cancelled().when(no_answer).then_nothing();
}

TEST(PaymentAskAgain, asks_the_provider_when_the_pause_is_over) {
    waiting().when(AskAgain{1}).then(asked);
}
TEST(PaymentAskAgain, twice_asks_once) { asking().when(AskAgain{1}).then_nothing(); }
TEST(PaymentAskAgain, of_an_earlier_question_changes_nothing) {
    waiting().when(AskAgain{2}).then_nothing();
    open().when(AskAgain{0}).then_nothing();
    captured().when(AskAgain{1}).then_nothing();
    refunding().when(AskAgain{1}).then_nothing();
    declined().when(AskAgain{1}).then_nothing();
    cancelled().when(AskAgain{1}).then_nothing();
}

TEST(PaymentRefund, ends_the_cancellation) { refunding().when(RecordRefund{}).then(refunded); }
TEST(PaymentRefund, that_answers_late_ends_it_too) {
    refund_waiting().when(RecordRefund{}).then(refunded);
}
TEST(PaymentRefund, that_fails_is_retried_after_a_pause) {
    refunding().when(refund_failed).then(postponed);
    refund_waiting().when(RetryRefund{1}).then(RefundRetried{order, 1});
    given<Payment>(payment_requested(), completed(), cancelling, postponed, RefundRetried{order, 1})
        .when(refund_failed)
        .then(RefundPostponed{order, "timeout", 2, noon + 2000});
}
TEST(PaymentRefund, failing_twice_counts_once) {
    refund_waiting().when(refund_failed).then_nothing();
}
TEST(PaymentRefund, retried_twice_or_for_an_earlier_attempt_changes_nothing) {
    given<Payment>(payment_requested(), completed(), cancelling, postponed, RefundRetried{order, 1})
        .when(RetryRefund{1})
        .then_nothing();
    refund_waiting().when(RetryRefund{2}).then_nothing();
    refunding().when(RetryRefund{0}).then_nothing();
}
TEST(PaymentRefund, of_what_is_not_being_refunded_changes_nothing) {
    const std::vector<Command> commands{RecordRefund{}, refund_failed, RetryRefund{1}};
    for (const auto& command : commands) {
        open().when(command).then_nothing();
        captured().when(command).then_nothing();
        declined().when(command).then_nothing();
        cancelled().when(command).then_nothing();
    }
}

TEST(Payment, an_outcome_that_nobody_asked_for_is_refused) {
    const std::vector<Command> outcomes{
        approval,       RecordDecline{"limit"}, no_answer,   RecordNotCharged{"closed"},
        RecordRefund{}, refund_failed,          AskAgain{1}, RetryRefund{1}};
    for (const auto& outcome : outcomes)
        nothing().when(outcome).then_rejected(Rejection::payment_unknown);
}

// --- what it asks of the provider, and when ---------------------------------------------------

Outputs<Payment> after_last(const std::vector<Event>& events) {
    return Payment::after(fold<Payment>(events), events.back());
}
std::string effect_of(const std::vector<Event>& events) {
    const auto outputs = after_last(events);
    EXPECT_EQ(outputs.effects.size(), 1u);
    return outputs.effects.empty() ? "" : text_of(outputs.effects.front());
}
const std::string key = "payment.payment-prereservation-17";

TEST(PaymentEffects, a_request_charges_once_under_the_key_of_its_stream) {
    EXPECT_EQ(effect_of({payment_requested()}),
              text_of(Effect{Charge{key, price, card_token("tok-1")}}));
}
TEST(PaymentEffects, an_unknown_outcome_is_never_charged_again_but_asked_about) {
    const auto pause = after_last({payment_requested(), unknown});
    EXPECT_TRUE(pause.effects.empty());
    ASSERT_EQ(pause.timers.size(), 1u);
    EXPECT_EQ(pause.timers[0].first, noon + 1000);
    EXPECT_EQ(text_of(pause.timers[0].second), text_of(Command{AskAgain{1}}));
    EXPECT_EQ(effect_of({payment_requested(), unknown, asked}), text_of(Effect{SettleCharge{key}}));
}
TEST(PaymentEffects, what_was_captured_is_refunded_when_cancelled) {
    const auto refund = text_of(Effect{Refund{key, price}});
    EXPECT_EQ(effect_of({payment_requested(), completed(), cancelling}), refund);
}
TEST(PaymentEffects, what_is_captured_after_the_cancellation_is_refunded_PRE_X2) {
    const auto refund = text_of(Effect{Refund{key, price}});
    EXPECT_EQ(effect_of({payment_requested(), cancelling, completed()}), refund);
    EXPECT_EQ(effect_of({payment_requested(), unknown, cancelling, asked, completed()}), refund);
}
TEST(PaymentEffects, a_refund_that_failed_waits_and_is_tried_again) {
    const auto pause = after_last({payment_requested(), completed(), cancelling, postponed});
    EXPECT_TRUE(pause.effects.empty());
    ASSERT_EQ(pause.timers.size(), 1u);
    EXPECT_EQ(text_of(pause.timers[0].second), text_of(Command{RetryRefund{1}}));
    EXPECT_EQ(effect_of({payment_requested(), completed(), cancelling, postponed,
                         RefundRetried{order, 1}}),
              text_of(Effect{Refund{key, price}}));
}

TEST(PaymentContract, a_request_is_found_by_its_user) {
    EXPECT_EQ(Contract::tags(Event{payment_requested()}), std::vector<std::string>{"user:1"});
    EXPECT_TRUE(Contract::tags(Event{completed()}).empty());
    auto of_nobody = payment_requested();
    of_nobody.user_id = 0;  // of a system that knows no users
    EXPECT_TRUE(Contract::tags(Event{of_nobody}).empty());
}

}  // namespace
}  // namespace yeyak::payment
