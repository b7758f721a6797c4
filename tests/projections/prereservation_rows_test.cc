// What each event does to a row, view by view.
#include <gtest/gtest.h>

#include "kernel/match.h"
#include "projections/prereservation/my_reservations.h"
#include "projections/prereservation/payments.h"
#include "projections/prereservation/pre_reservations.h"
#include "projections/prereservation/receipts.h"
#include "tests/aggregates/prereservation_samples.h"
#include "tests/scenario.h"
#include "tests/systems.h"

namespace yeyak::projections {
namespace {

using namespace tests;
using namespace payment;
using namespace prereservation;

const ReservationConfirmed confirmed{17};
const ReservationCancelled user_cancelled{17, CancelReason::user_request};
const PaymentOutcomeUnknown unknown{order, "timeout", 1, noon};
const PaymentCancellationRequested cancelling{order, "user_request"};
const PaymentCancelled refunded{order, price};
const RefundPostponed postponed{order, "timeout", 1, noon};
const ReceiptCancelled withdrawn{17, 17};

// --- preReservations --------------------------------------------------------------------------

PreReservationRow pre_reservation(std::string status, int last) {
    return {17,    1,       "seoul", 1, "fold", price, "1234-1234-****-1234", std::move(status),
            at(0), at(last)};
}
TEST(PreReservationsView, a_requested_reservation_is_listed_PRE_A2) {
    given<PreReservations>(requested()).then(pre_reservation("reservated", 0));
}
TEST(PreReservationsView, a_confirmed_one_is_paid) {
    given<PreReservations>(requested(), confirmed).then(pre_reservation("paid", 1));
}
TEST(PreReservationsView, a_cancelled_one_leaves_the_list_PRE_X4) {
    const auto scenario = given<PreReservations>(requested(), confirmed, user_cancelled);
    EXPECT_TRUE(PreReservations::cancelled(scenario.row()));
    auto expected = pre_reservation("reservation_cancelled", 2);
    given<PreReservations>(requested(), confirmed, user_cancelled).then(expected);
    EXPECT_FALSE(PreReservations::cancelled(pre_reservation("paid", 1)));
}
TEST(PreReservationsView, no_answer_holds_a_whole_card_number_PRE_X9) {
    const auto json = to_json(given<PreReservations>(requested()).row());
    EXPECT_EQ(json.find("tok-1"), std::string::npos);
    EXPECT_NE(json.find("1234-1234-****-1234"), std::string::npos);
}

// --- payments ---------------------------------------------------------------------------------

PaymentRow payment_row(std::string status, int last) {
    PaymentRow row;
    row.id = 17;
    row.card_no = "1234-1234-****-1234";
    row.price = price;
    row.pre_reservation_id = 17;
    row.product_id = 1;
    row.product_name = "fold";
    row.user_id = 1;
    row.status = std::move(status);
    row.created_at = at(0);
    row.modified_at = at(last);
    return row;
}
PaymentRow approved(PaymentRow row) {
    row.approval_no = "A-1";
    return row;
}

TEST(PaymentsView, a_payment_is_listed_with_its_reservation_PRE_A3) {
    given<Payments>(payment_requested()).then(payment_row("payment_requested", 0));
    given<Payments>(payment_requested(), completed()).then(approved(payment_row("paid", 1)));
}
TEST(PaymentsView, a_payment_without_money_leaves_the_list) {
    const auto declined = given<Payments>(payment_requested(), PaymentDeclined{order, "limit"});
    EXPECT_EQ(to_json(declined.row()), to_json(payment_row("payment_declined", 1)));
    EXPECT_TRUE(Payments::cancelled(declined.row()));
    const auto failed = given<Payments>(payment_requested(), PaymentFailed{order, "closed"});
    EXPECT_EQ(to_json(failed.row()), to_json(payment_row("payment_failed", 1)));
    EXPECT_TRUE(Payments::cancelled(failed.row()));
    EXPECT_FALSE(Payments::cancelled(payment_row("paid", 1)));
    EXPECT_FALSE(Payments::cancelled(payment_row("payment_cancelling", 1)));
}
TEST(PaymentsView, an_unknown_outcome_is_shown_until_it_is_known) {
    given<Payments>(payment_requested(), unknown).then(payment_row("payment_unknown", 1));
    given<Payments>(payment_requested(), unknown, PaymentOutcomeAsked{order, 1})
        .then(payment_row("payment_unknown", 2));
    given<Payments>(payment_requested(), unknown, completed())
        .then(approved(payment_row("paid", 2)));
}
TEST(PaymentsView, a_refund_goes_from_cancelling_to_cancelled_PRE_F5) {
    const auto paid = [](auto... more) {
        return given<Payments>(payment_requested(), completed(), more...);
    };
    paid(cancelling).then(approved(payment_row("payment_cancelling", 2)));
    paid(cancelling, postponed).then(approved(payment_row("refund_postponed", 3)));
    paid(cancelling, postponed, RefundRetried{order, 1})
        .then(approved(payment_row("payment_cancelling", 4)));
    auto expected = approved(payment_row("payment_cancelled", 3));
    expected.refunded = price;
    paid(cancelling, refunded).then(expected);
    EXPECT_TRUE(Payments::cancelled(expected));
}
TEST(PaymentsView, what_is_captured_late_stays_cancelling_PRE_X6) {
    given<Payments>(payment_requested(), cancelling, unknown)
        .then(payment_row("payment_cancelling", 2));
    given<Payments>(payment_requested(), unknown, cancelling, completed())
        .then(approved(payment_row("payment_cancelling", 3)));
}
TEST(PaymentsView, a_cancellation_that_came_first_is_a_row_of_its_reservation) {
    const auto row = given<Payments>(cancelling, PaymentCancelled{order, Won{0}}).row();
    EXPECT_EQ(row.id, 17);
    EXPECT_EQ(row.pre_reservation_id, 17);
    EXPECT_EQ(row.status, "payment_cancelled");
}
TEST(PaymentsView, payments_of_other_systems_are_not_shown) {
    EXPECT_EQ(Payments::key(PaymentDeclined{"market-17", "limit"}), std::nullopt);
    EXPECT_EQ(MyReservations::key(PaymentDeclined{"market-17", "limit"}), std::nullopt);
}

// --- receipts ---------------------------------------------------------------------------------

TEST(ReceiptsView, a_receipt_says_when_the_phone_is_expected_PRE_A4) {
    const ReceiptRow expected{
        17, 17, 17, 1, 1, "fold", price, *parse_date("2020-12-11"), "receipt_issued", at(0), at(0)};
    given<Receipts>(receipt()).then(expected);
    EXPECT_FALSE(Receipts::cancelled(expected));
}
TEST(ReceiptsView, a_withdrawn_one_leaves_the_list) {
    const auto row = given<Receipts>(receipt(), withdrawn).row();
    EXPECT_EQ(row.status, "receipt_cancelled");
    EXPECT_EQ(row.modified_at, at(1));
    EXPECT_TRUE(Receipts::cancelled(row));
}
TEST(ReceiptsView, one_that_was_never_issued_is_a_row_all_the_same) {
    const auto row = given<Receipts>(withdrawn).row();
    EXPECT_EQ(row.id, 17);
    EXPECT_EQ(row.status, "receipt_cancelled");
    EXPECT_TRUE(Receipts::cancelled(row));
}

// --- myReservations ---------------------------------------------------------------------------

template <class... E>
std::string status(const E&... events) {
    return given<MyReservations>(events...).row().status;
}

TEST(MyReservationsView, joins_all_three_PRE_A6) {
    MyReservationRow expected;
    expected.id = expected.pre_reservation_id = 17;
    expected.payment_id = expected.receipt_id = 17;
    expected.user_id = expected.product_id = 1;
    expected.product_name = "fold";
    expected.price = price;
    expected.status = "receipt_issued";
    expected.expected_delivery_at = *parse_date("2020-12-11");
    expected.created_at = at(0);
    expected.modified_at = at(4);
    expected.reservation = expected.payment = expected.receipt = PartStatus::done;
    given<MyReservations>(requested(), payment_requested(), completed(), confirmed, receipt())
        .then(expected);
}
TEST(MyReservationsView, shows_the_furthest_of_what_happened) {
    EXPECT_EQ(status(requested()), "reservated");
    EXPECT_EQ(status(requested(), payment_requested()), "reservated");
    EXPECT_EQ(status(requested(), payment_requested(), unknown), "reservated");
    EXPECT_EQ(status(requested(), payment_requested(), completed()), "paid");
    EXPECT_EQ(status(requested(), payment_requested(), completed(), receipt()), "receipt_issued");
}
TEST(MyReservationsView, shows_cancelled_reservations_too_PRE_F6_PRE_A14) {
    const auto row = given<MyReservations>(requested(), user_cancelled).row();
    EXPECT_EQ(row.status, "reservation_cancelled");
    EXPECT_EQ(row.cancel_reason, "user_request");
    EXPECT_FALSE(MyReservations::cancelled(row));
}
TEST(MyReservationsView, a_cancellation_goes_on_to_payment_and_receipt) {
    EXPECT_EQ(status(requested(), payment_requested(), completed(), receipt(), user_cancelled),
              "reservation_cancelled");
    EXPECT_EQ(
        status(requested(), payment_requested(), completed(), user_cancelled, cancelling, refunded),
        "payment_cancelled");
    EXPECT_EQ(status(requested(), payment_requested(), completed(), receipt(), user_cancelled,
                     refunded, withdrawn),
              "receipt_cancelled");
}
TEST(MyReservationsView, a_late_paid_never_overwrites_a_cancellation_PRE_X6) {
    EXPECT_EQ(status(requested(), user_cancelled, payment_requested(), completed()),
              "reservation_cancelled");
    EXPECT_EQ(status(requested(), user_cancelled, payment_requested(), completed(), receipt()),
              "reservation_cancelled");
    EXPECT_EQ(status(cancelling, refunded, requested()), "payment_cancelled");
    EXPECT_EQ(status(requested(), user_cancelled, confirmed), "reservation_cancelled");
    EXPECT_EQ(status(requested(), refunded, completed()), "payment_cancelled");
    EXPECT_EQ(status(requested(), withdrawn, receipt()), "receipt_cancelled");
}
TEST(MyReservationsView, a_row_is_known_by_its_number_whatever_comes_first) {
    EXPECT_EQ(given<MyReservations>(payment_requested()).row().id, 17);
    EXPECT_EQ(given<MyReservations>(cancelling).row().id, 17);
    EXPECT_EQ(given<MyReservations>(receipt()).row().id, 17);
    EXPECT_EQ(given<MyReservations>(withdrawn).row().id, 17);
}

TEST(Views, are_found_by_their_names) {
    EXPECT_GE(all_views().size(), 4u);
    for (const auto& view : all_views()) {
        EXPECT_EQ(tests::find_view(view->name()), view.get());
    }
    EXPECT_EQ(tests::find_view("payments")->context(), "payment");
    EXPECT_EQ(tests::find_view("nothing"), nullptr);
}

}  // namespace
}  // namespace yeyak::projections
