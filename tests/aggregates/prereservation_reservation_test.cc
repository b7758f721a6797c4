// Every rule of a pre-reservation.
#include "aggregates/prereservation/reservation.h"

#include "tests/aggregates/prereservation_samples.h"
#include "tests/scenario.h"

namespace yeyak::prereservation {
namespace {

using namespace tests;

const RequestReservation request{tests::requested()};
const ConfirmReservation confirm{17};
const CancelReservation cancel{17, CancelReason::user_request};
const ReservationCancelled gone{17, CancelReason::user_request};

auto nothing() { return given<Reservation>(); }
auto pending() { return given<Reservation>(tests::requested()); }
auto confirmed() { return given<Reservation>(tests::requested(), ReservationConfirmed{17}); }
auto cancelled() { return given<Reservation>(tests::requested(), gone); }

TEST(Reservation, is_requested_first_and_pending_PRE_F1_PRE_X3) {
    nothing().when(request).then(tests::requested());
}
TEST(Reservation, requested_again_changes_nothing) {
    pending().when(request).then_nothing();
    confirmed().when(request).then_nothing();
}
TEST(Reservation, requested_again_with_other_details_is_refused) {
    auto other = request;
    other.reservation.user_address = sealed("busan");
    pending().when(other).then_rejected(ReservationRejection::reservation_exists);
    confirmed().when(other).then_rejected(ReservationRejection::reservation_exists);
}
TEST(Reservation, is_confirmed_once) {
    pending().when(confirm).then(ReservationConfirmed{17});
    confirmed().when(confirm).then_nothing();
}
TEST(Reservation, that_was_never_requested_is_not_found) {
    nothing().when(confirm).then_rejected(ReservationRejection::reservation_not_found);
    nothing().when(cancel).then_rejected(ReservationRejection::reservation_not_found);
}
TEST(Reservation, can_be_cancelled_at_any_time_PRE_F4) {
    pending().when(cancel).then(gone);
    confirmed().when(cancel).then(gone);
    confirmed()
        .when(CancelReservation{17, CancelReason::payment_timeout})
        .then(ReservationCancelled{17, CancelReason::payment_timeout});
}
TEST(Reservation, cancelled_is_for_ever_PRE_X8) {
    cancelled().when(cancel).then_rejected(ReservationRejection::reservation_cancelled);
    cancelled().when(confirm).then_rejected(ReservationRejection::reservation_cancelled);
    cancelled().when(request).then_rejected(ReservationRejection::reservation_exists);
}

TEST(ReservationContract, is_found_by_user_and_product) {
    EXPECT_EQ(ReservationContract::tags(ReservationEvent{tests::requested()}),
              (std::vector<std::string>{"user:1", "product:1"}));
    EXPECT_TRUE(ReservationContract::tags(ReservationEvent{gone}).empty());
}
TEST(ReservationContract, names_its_payment_and_knows_it_again) {
    EXPECT_EQ(order_of(17), "prereservation-17");
    EXPECT_EQ(reservation_of_order("prereservation-17"), 17);
    for (const auto* text : {"market-17", "prereservation-", "prereservation-17x", "17", "",
                             "prereservation-99999999999999999999"})
        EXPECT_EQ(reservation_of_order(text), std::nullopt) << text;
}

}  // namespace
}  // namespace yeyak::prereservation
