// Each rule of the five deciders of vaccination.
#include "aggregates/vaccination/appointment.h"
#include "aggregates/vaccination/reservation.h"
#include "aggregates/vaccination/slot.h"
#include "aggregates/vaccination/stock.h"
#include "aggregates/vaccination/user.h"
#include "tests/aggregates/vaccination_samples.h"
#include "tests/scenario.h"

namespace yeyak::tests::vaccines {
namespace {

const UserReservationCancelled user_cancelled{17, CancelReason::user_request};
const UserInjected user_injected{17, "Moderna", today};
const CancelUserReservation cancel_user{17, CancelReason::user_request};
const RecordInjection record_injection{17, "Moderna", today};

TEST(VaccinationUser, asks_once_VAC_F2) {
    given<User>().when(RequestUserReservation{wished()}).then(wished());
    given<User>(wished()).when(RequestUserReservation{wished()}).then_nothing();
    given<User>(wished())
        .when(RequestUserReservation{wished(18)})
        .then_rejected(UserRejection::user_exists);
}
TEST(VaccinationUser, is_told_of_the_injection_VAC_F7) {
    given<User>(wished()).when(record_injection).then(user_injected);
    given<User>(wished(), user_injected).when(record_injection).then_nothing();
}
TEST(VaccinationUser, cancels_VAC_F8) {
    given<User>(wished()).when(cancel_user).then(user_cancelled);
}
TEST(VaccinationUser, never_changes_again_after_an_end_VAC_X7) {
    given<User>(wished(), user_cancelled)
        .when(cancel_user)
        .then_rejected(UserRejection::already_cancelled);
    given<User>(wished(), user_cancelled)
        .when(record_injection)
        .then_rejected(UserRejection::already_cancelled);
    given<User>(wished(), user_cancelled)
        .when(RequestUserReservation{wished()})
        .then_rejected(UserRejection::already_cancelled);
    given<User>(wished(), user_injected)
        .when(cancel_user)
        .then_rejected(UserRejection::already_injected);
    given<User>(wished(), user_injected)
        .when(RequestUserReservation{wished()})
        .then_rejected(UserRejection::user_exists);
}
TEST(VaccinationUser, must_be_known) {
    given<User>().when(cancel_user).then_rejected(UserRejection::user_not_found);
    given<User>().when(record_injection).then_rejected(UserRejection::user_not_found);
}
TEST(VaccinationUser, no_event_holds_a_registration_number_VAC_X11) {
    const auto json = encode_event(UserEvent{wished()});
    EXPECT_NE(json.find("890309-2******"), std::string::npos);
    EXPECT_EQ(UserContract::tags(wished()), std::vector<std::string>{"person:person-1"});
}

TEST(VaccinationSlot, has_so_many_places_VAC_X1) {
    const auto take = [](std::int64_t who) { return TakePlace{day, who, 2}; };
    const auto taken = [](std::int64_t who) { return PlaceTaken{day, who, 2}; };
    given<Slot>().when(take(1)).then(taken(1));
    given<Slot>(taken(1)).when(take(1)).then_nothing();
    given<Slot>(taken(5)).when(take(1)).then(taken(1));
    given<Slot>(taken(5), taken(1)).when(take(2)).then_rejected(SlotRejection::date_not_available);
    given<Slot>(taken(5), taken(1)).when(take(5)).then_nothing();
    given<Slot>().when(TakePlace{day, 1, 0}).then_rejected(SlotRejection::date_not_available);
}
TEST(VaccinationSlot, a_freed_place_is_for_others) {
    const PlaceTaken taken{day, 1, 1};
    const PlaceFreed freed{day, 1, true};
    given<Slot>(taken).when(FreePlace{day, 1}).then(freed);
    given<Slot>(taken, freed).when(FreePlace{day, 1}).then_nothing();
    given<Slot>(taken, freed).when(TakePlace{day, 2, 1}).then(PlaceTaken{day, 2, 1});
    given<Slot>(taken, freed)
        .when(TakePlace{day, 1, 1})
        .then_rejected(SlotRejection::place_given_up);
}
TEST(VaccinationSlot, a_place_can_be_freed_before_it_is_taken_VAC_X8) {
    const PlaceFreed early{day, 1, false};
    given<Slot>().when(FreePlace{day, 1}).then(early);
    given<Slot>(early).when(TakePlace{day, 1, 100}).then_rejected(SlotRejection::place_given_up);
}

TEST(VaccineReservation, is_entered_and_ends_once) {
    const ReservationCancelled cancelled{17};
    const ReservationFulfilled fulfilled{17};
    given<Reservation>().when(RequestReservation{reserved()}).then(reserved());
    given<Reservation>(reserved()).when(RequestReservation{reserved()}).then_nothing();
    given<Reservation>(reserved())
        .when(RequestReservation{reserved(18)})
        .then_rejected(ReservationRejection::reservation_exists);
    given<Reservation>(reserved()).when(CancelReservation{17}).then(cancelled);
    given<Reservation>(reserved()).when(FulfilReservation{17}).then(fulfilled);
    given<Reservation>(reserved(), cancelled).when(CancelReservation{17}).then_nothing();
    given<Reservation>(reserved(), cancelled)
        .when(FulfilReservation{17})
        .then_rejected(ReservationRejection::reservation_cancelled);
    given<Reservation>(reserved(), fulfilled).when(FulfilReservation{17}).then_nothing();
    given<Reservation>(reserved(), fulfilled)
        .when(CancelReservation{17})
        .then_rejected(ReservationRejection::reservation_fulfilled);
    given<Reservation>(reserved(), fulfilled)
        .when(RequestReservation{reserved()})
        .then_rejected(ReservationRejection::reservation_exists);
    given<Reservation>()
        .when(FulfilReservation{17})
        .then_rejected(ReservationRejection::reservation_not_found);
}
TEST(VaccineReservation, can_be_cancelled_before_it_comes_VAC_X8) {
    given<Reservation>().when(CancelReservation{17}).then(ReservationCancelled{17});
    given<Reservation>(ReservationCancelled{17})
        .when(RequestReservation{reserved()})
        .then_rejected(ReservationRejection::reservation_cancelled);
    EXPECT_EQ(ReservationContract::tags(reserved()), std::vector<std::string>{"date:2021-10-05"});
    EXPECT_TRUE(ReservationContract::tags(ReservationCancelled{17}).empty());
}

const VaccineAssigned assigned{17, 17, "Moderna"};
const HospitalReservationCancelled called_off{17, 17};
const AssignVaccine assign{17, "Moderna"};
const InjectVaccine inject{17, today};
const CancelAppointment call_off{17};

TEST(Appointment, is_received_gets_a_vaccine_and_is_done_VAC_F3_F6) {
    given<Appointment>().when(ReceiveReservation{received()}).then(received());
    given<Appointment>(received()).when(ReceiveReservation{received()}).then_nothing();
    given<Appointment>(received())
        .when(ReceiveReservation{received(18)})
        .then_rejected(AppointmentRejection::appointment_exists);
    given<Appointment>(received()).when(assign).then(assigned);
    given<Appointment>(received(), assigned).when(assign).then_nothing();
    given<Appointment>(received(), assigned)
        .when(AssignVaccine{17, "Pfizer"})
        .then_rejected(AppointmentRejection::appointment_exists);
    given<Appointment>(received(), assigned).when(ReceiveReservation{received()}).then_nothing();
    given<Appointment>(received(), assigned)
        .when(ReceiveReservation{received(18)})
        .then_rejected(AppointmentRejection::appointment_exists);
    given<Appointment>(received(), assigned).when(inject).then(injected());
}
TEST(Appointment, nobody_is_injected_before_there_is_a_dose) {
    given<Appointment>(received())
        .when(inject)
        .then_rejected(AppointmentRejection::vaccine_not_ready);
    given<Appointment>().when(inject).then_rejected(AppointmentRejection::appointment_not_found);
    given<Appointment>().when(assign).then_rejected(AppointmentRejection::appointment_not_found);
}
TEST(Appointment, is_called_off_VAC_F9) {
    given<Appointment>(received()).when(call_off).then(called_off);
    given<Appointment>(received(), assigned).when(call_off).then(called_off);
    given<Appointment>(received(), called_off).when(call_off).then_nothing();
}
const RecordNoShow no_show{17, day};
TEST(Appointment, of_somebody_who_did_not_come_is_missed_SH_16) {
    given<Appointment>(received(), assigned).when(no_show).then(missed());
    given<Appointment>(received(), assigned).when(RecordNoShow{17, day + 1}).then(missed());
    given<Appointment>(received(), assigned, missed()).when(no_show).then_nothing();
    given<Appointment>(received(), assigned, missed()).when(call_off).then_nothing();
    given<Appointment>(received(), assigned, missed())
        .when(inject)
        .then_rejected(AppointmentRejection::no_show);
}
TEST(Appointment, is_not_missed_before_its_day_nor_without_a_vaccine) {
    given<Appointment>(received(), assigned)
        .when(RecordNoShow{17, day + -1})
        .then_rejected(AppointmentRejection::day_not_come);
    given<Appointment>(received())
        .when(no_show)
        .then_rejected(AppointmentRejection::vaccine_not_ready);
    given<Appointment>().when(no_show).then_rejected(AppointmentRejection::appointment_not_found);
}
TEST(Appointment, can_be_called_off_before_it_comes_VAC_X8) {
    given<Appointment>().when(call_off).then(called_off);
    given<Appointment>(called_off)
        .when(ReceiveReservation{received()})
        .then_rejected(AppointmentRejection::appointment_cancelled);
}
TEST(Appointment, never_changes_again_after_an_end_VAC_X7) {
    for (const AppointmentCommand& command :
         std::vector<AppointmentCommand>{ReceiveReservation{received()}, assign, inject, call_off})
        given<Appointment>(received(), assigned, injected())
            .when(command)
            .then_rejected(AppointmentRejection::already_injected);
    for (const AppointmentCommand& command : std::vector<AppointmentCommand>{assign, inject})
        given<Appointment>(received(), called_off)
            .when(command)
            .then_rejected(AppointmentRejection::appointment_cancelled);
    // A vaccine that comes too late is not one that can be injected.
    given<Appointment>(received(), called_off, assigned)
        .when(inject)
        .then_rejected(AppointmentRejection::appointment_cancelled);
    EXPECT_EQ(AppointmentContract::tags(assigned), std::vector<std::string>{"vaccine:Moderna"});
    EXPECT_TRUE(AppointmentContract::tags(called_off).empty());
}

const StockReceived two_came{"Pfizer", 1, 2, 2};
const ReserveDose reserve{"Pfizer", 17};
const ReleaseDose release{"Pfizer", 17};
const ConsumeDose consume{"Pfizer", 17};
const DoseReserved put_aside{"Pfizer", 17, 1};
const DoseReleased given_back{"Pfizer", 17, 2};
const DoseConsumed used_up{"Pfizer", 17};
const DoseRefused refused{"Pfizer", 17};

TEST(VaccineStock, takes_a_delivery_once_VAC_X6) {
    given<Stock>().when(ReceiveStock{"Pfizer", 1, 2}).then(two_came);
    given<Stock>(two_came).when(ReceiveStock{"Pfizer", 1, 2}).then_nothing();
    given<Stock>(two_came)
        .when(ReceiveStock{"Pfizer", 2, 3})
        .then(StockReceived{"Pfizer", 2, 3, 5});
}
TEST(VaccineStock, counts_a_reservation_once_VAC_F5_VAC_X6) {
    given<Stock>(two_came).when(reserve).then(put_aside);
    given<Stock>(two_came, put_aside).when(reserve).then_nothing();
    given<Stock>(two_came, put_aside)
        .when(ReserveDose{"Pfizer", 18})
        .then(DoseReserved{"Pfizer", 18, 0});
}
TEST(VaccineStock, never_falls_below_nothing_VAC_X6) {
    given<Stock>().when(reserve).then(refused);
    given<Stock>(two_came, put_aside, DoseReserved{"Pfizer", 18, 0})
        .when(ReserveDose{"Pfizer", 19})
        .then(DoseRefused{"Pfizer", 19});
    given<Stock>(refused, two_came).when(reserve).then_nothing();
}
TEST(VaccineStock, a_dose_comes_back_once_VAC_F11) {
    given<Stock>(two_came, put_aside).when(release).then(given_back);
    given<Stock>(two_came, put_aside, given_back).when(release).then_nothing();
    given<Stock>(two_came, put_aside, given_back).when(reserve).then_nothing();
    given<Stock>(two_came, put_aside, given_back).when(consume).then_nothing();
}
TEST(VaccineStock, what_was_given_back_early_is_never_taken_VAC_X8) {
    given<Stock>(two_came).when(release).then(refused);
    given<Stock>(two_came, refused).when(reserve).then_nothing();
    given<Stock>(two_came, refused).when(release).then_nothing();
}
TEST(VaccineStock, a_dose_is_used_up_once) {
    given<Stock>(two_came, put_aside).when(consume).then(used_up);
    given<Stock>(two_came, put_aside, used_up).when(consume).then_nothing();
    given<Stock>(two_came, put_aside, used_up).when(release).then_nothing();
    given<Stock>(two_came).when(consume).then_rejected(StockRejection::dose_not_held);
}

}  // namespace
}  // namespace yeyak::tests::vaccines
