// Every row of the table in checkout.h, and everything that is not in it.
#include "aggregates/prereservation/checkout.h"

#include <algorithm>

#include "tests/aggregates/prereservation_samples.h"
#include "tests/scenario.h"

namespace yeyak::prereservation {
namespace {

using namespace tests;
using namespace payment;

const Paying paying_state{17, 1, 1, "fold", price, 21};
const ReservationCancelled user_cancelled{17, CancelReason::user_request};
const PaymentDeclined payment_declined{order, "limit"};
const PaymentFailed payment_failed{order, "closed"};
const PaymentOutcomeUnknown payment_unknown{order, "timeout", 1, noon};
const PaymentCancelled payment_cancelled{order, price};
const ReceiptCancelled receipt_cancelled{17, 17};
const Refused refused{"payment.request_payment", Ended::context_down};

Send request_payment() {
    return send<Contract>(order, RequestPayment{payment_requested()}, Delivery::now);
}
Send cancel_payment(std::string reason) {
    return send<Contract>(order, CancelPayment{order, std::move(reason)});
}
Send confirm() { return send<ReservationContract>("17", ConfirmReservation{17}); }
Send cancel(CancelReason reason) {
    return send<ReservationContract>("17", CancelReservation{17, reason});
}
Send issue() { return send<ReceiptContract>("17", IssueReceipt{tests::receipt()}); }
Send cancel_receipt() { return send<ReceiptContract>("17", CancelReceipt{17}); }

auto paying() { return given<Checkout>(tests::requested()); }
auto done() { return given<Checkout>(tests::requested(), tests::completed()); }
auto undoing_payment() { return given<Checkout>(tests::requested(), user_cancelled); }
auto undoing_all() {
    return given<Checkout>(tests::requested(), tests::completed(), user_cancelled);
}
auto undone() { return given<Checkout>(tests::requested(), payment_declined); }

TEST(Checkout, begins_by_asking_for_the_payment_at_once_PRE_N1) {
    given<Checkout>().when(tests::requested()).then(paying_state, {request_payment()});
}
TEST(Checkout, completes_with_confirmation_and_receipt_when_paid_PRE_F2_PRE_F3) {
    paying().when(tests::completed()).then(Completed{17}, {confirm(), issue()});
}
TEST(Checkout, cancels_the_reservation_when_the_payment_is_declined) {
    paying().when(payment_declined).then(Compensated{17}, {cancel(CancelReason::payment_declined)});
}
TEST(Checkout, cancels_the_reservation_when_the_payment_failed_PRE_A8) {
    paying()
        .when(payment_failed)
        .then(Compensated{17}, {cancel(CancelReason::payment_unavailable)});
}
TEST(Checkout, cancels_the_reservation_when_payment_is_down_PRE_A8) {
    paying().when(refused).then(Compensated{17}, {cancel(CancelReason::payment_unavailable)});
}
TEST(Checkout, undoes_both_when_the_outcome_is_unknown_PRE_X2) {
    paying()
        .when(payment_unknown)
        .then(Compensating{17, true, false},
              {cancel(CancelReason::payment_timeout), cancel_payment("payment_timeout")});
}
TEST(Checkout, undoes_the_payment_when_the_user_cancels_while_paying_PRE_F5) {
    paying()
        .when(user_cancelled)
        .then(Compensating{17, true, false}, {cancel_payment("user_request")});
}
TEST(Checkout, undoes_payment_and_receipt_when_the_user_cancels_later_PRE_F5) {
    done()
        .when(user_cancelled)
        .then(Compensating{17, true, true}, {cancel_payment("user_request"), cancel_receipt()});
}
TEST(Checkout, is_compensated_when_all_that_was_open_is_closed) {
    undoing_payment().when(payment_cancelled).then(Compensated{17}, {});
    undoing_all().when(payment_cancelled).then(Compensating{17, false, true}, {});
    undoing_all().when(receipt_cancelled).then(Compensating{17, true, false}, {});
    given<Checkout>(tests::requested(), tests::completed(), user_cancelled, receipt_cancelled)
        .when(payment_cancelled)
        .then(Compensated{17}, {});
    given<Checkout>(tests::requested(), tests::completed(), user_cancelled, payment_cancelled)
        .when(receipt_cancelled)
        .then(Compensated{17}, {});
}

TEST(Checkout, what_is_late_or_repeated_changes_nothing) {
    const std::vector<Checkout::Input> all{
        tests::requested(), user_cancelled,    tests::completed(), payment_declined, payment_failed,
        payment_unknown,    payment_cancelled, receipt_cancelled,  refused};
    const auto is = [](const auto& input, std::initializer_list<std::size_t> indexes) {
        return std::ranges::find(indexes, input.index()) != indexes.end();
    };
    for (const auto& input : all) {
        if (!is(input, {0})) given<Checkout>().when(input).then_nothing();
        if (is(input, {0, 6, 7})) paying().when(input).then_nothing();
        if (!is(input, {1})) done().when(input).then_nothing();
        if (!is(input, {6, 7})) undoing_payment().when(input).then_nothing();
        if (!is(input, {6, 7})) undoing_all().when(input).then_nothing();
        undone().when(input).then_nothing();
    }
}
TEST(Checkout, ends_completed_or_compensated_and_nowhere_else) {
    EXPECT_FALSE(Checkout::ended(NotBegun{}));
    EXPECT_FALSE(Checkout::ended(paying_state));
    EXPECT_TRUE(Checkout::ended(Completed{17}));
    EXPECT_FALSE(Checkout::ended(Compensating{17, true, false}));
    EXPECT_TRUE(Checkout::ended(Compensated{17}));
}
TEST(Checkout, hears_only_the_payments_of_pre_reservations) {
    EXPECT_EQ(Checkout::route(payment_declined), "17");
    EXPECT_EQ(Checkout::route(PaymentDeclined{"market-17", "limit"}), std::nullopt);
    EXPECT_EQ(Checkout::route(tests::requested()), "17");
    EXPECT_EQ(Checkout::route(user_cancelled), "17");
    EXPECT_EQ(Checkout::route(receipt_cancelled), "17");
}

// The day of the receipt is that of the payment in Seoul, whenever the receipt comes to be written.
TEST(Checkout, the_delivery_is_expected_three_weeks_after_the_day_of_the_payment_PRE_X5) {
    struct {
        const char* paid_at;
        std::int32_t days;
        const char* expected;
    } cases[] = {
        {"2021-01-31T15:30:00Z", 21, "2021-02-22"},  // already February in Seoul
        {"2021-01-31T14:59:59.999Z", 21, "2021-02-21"}, {"2021-01-31T15:00:00Z", 21, "2021-02-22"},
        {"2020-02-08T03:00:00Z", 21, "2020-02-29"},  // a leap day
        {"2021-02-08T03:00:00Z", 21, "2021-03-01"},     {"2020-12-31T20:00:00Z", 21, "2021-01-22"},
        {"2020-12-15T00:00:00Z", 21, "2021-01-05"},     {"2020-11-20T11:28:30Z", 0, "2020-11-20"},
        {"2020-11-20T11:28:30Z", 365, "2021-11-20"},
    };
    for (const auto& c : cases) {
        auto wish = tests::requested();
        wish.delivery_days = c.days;
        auto paid = tests::completed();
        paid.paid_at = *parse_instant(c.paid_at);
        auto expected = tests::receipt();
        expected.expected_delivery_at = *parse_date(c.expected);
        SCOPED_TRACE(c.paid_at);
        given<Checkout>(wish)
            .when(paid, *parse_instant("2021-06-01T00:00:00Z"))
            .then(Completed{17}, {confirm(), send<ReceiptContract>("17", IssueReceipt{expected})});
    }
}

}  // namespace
}  // namespace yeyak::prereservation
