// Every row of the table in booking.h, and everything that is not in it.
#include "aggregates/vaccination/booking.h"

#include <algorithm>

#include "tests/aggregates/vaccination_samples.h"
#include "tests/scenario.h"

namespace yeyak::tests::vaccines {
namespace {

const UserReservationCancelled user_cancelled{17, CancelReason::user_request};
const PlaceTaken placed{day, 17, 100};
const PlaceFreed freed{day, 17, true};
const HospitalReservationCancelled called_off{17, 17};
const DoseReserved got_moderna{"Moderna", 17, 9};
const DoseReserved got_pfizer{"Pfizer", 17, 9};
const DoseRefused no_moderna{"Moderna", 17};
const DoseRefused no_pfizer{"Pfizer", 17};
const DoseReleased dose_back{"Moderna", 17, 10};
const Refused refused{"vaccination.take_place", Ended::refused, "date_not_available"};

const std::vector<Booking::Input> all{
    wished(),    user_cancelled, placed,    freed,     received(), injected(), called_off,
    got_moderna, no_moderna,     no_pfizer, dose_back, refused,    missed()};

Send take() { return send<SlotContract>("2021-10-05", TakePlace{day, 17, 100}); }
Send free() { return send<SlotContract>("2021-10-05", FreePlace{day, 17}); }
Send enter() { return send<ReservationContract>("17", RequestReservation{reserved()}); }
Send withdraw() { return send<ReservationContract>("17", CancelReservation{17}); }
Send tell() { return send<AppointmentContract>("17", ReceiveReservation{received()}); }
Send call_off() { return send<AppointmentContract>("17", CancelAppointment{17}); }
Send reserve(std::string type) { return send<StockContract>(type, ReserveDose{type, 17}); }
Send release(std::string type) { return send<StockContract>(type, ReleaseDose{type, 17}); }
Send cancel_user(CancelReason why) {
    return send<UserContract>("17", CancelUserReservation{17, why});
}

auto placing() { return given<Booking>(wished()); }
auto receiving() { return given<Booking>(wished(), placed); }
auto choosing() { return given<Booking>(wished(), placed, received()); }
auto completed() { return given<Booking>(wished(), placed, received(), got_moderna); }
auto vaccinated() { return given<Booking>(wished(), placed, received(), got_moderna, injected()); }
auto undoing_all() {
    return given<Booking>(wished(), placed, received(), got_moderna, user_cancelled);
}

Compensating open(std::string type, bool place, bool appointment, bool dose) {
    return {17, day, std::move(type), place, appointment, dose};
}

TEST(Booking, begins_with_a_place_on_the_day) {
    given<Booking>().when(wished()).then(Placing{wish(), 100}, {take()});
}
TEST(Booking, enters_the_reservation_and_tells_the_hospital_VAC_F3) {
    placing().when(placed).then(Receiving{wish()}, {enter(), tell()});
}
TEST(Booking, tells_the_user_when_the_day_is_full_VAC_X1) {
    placing().when(refused).then(open("", true, false, false),
                                 {cancel_user(CancelReason::date_not_available), free()});
}
TEST(Booking, asks_one_type_after_the_other_VAC_F4) {
    receiving().when(received()).then(Choosing{wish(), 0}, {reserve("Moderna")});
    choosing().when(no_moderna).then(Choosing{wish(), 1}, {reserve("Pfizer")});
    choosing()
        .when(got_moderna)
        .then(Completed{17, day, "Moderna"},
              {send<AppointmentContract>("17", AssignVaccine{17, "Moderna"})});
    given<Booking>(wished(), placed, received(), no_moderna)
        .when(got_pfizer)
        .then(Completed{17, day, "Pfizer"},
              {send<AppointmentContract>("17", AssignVaccine{17, "Pfizer"})});
}
TEST(Booking, undoes_everything_when_there_is_no_vaccine) {
    given<Booking>(wished(), placed, received(), no_moderna)
        .when(no_pfizer)
        .then(open("", true, true, false),
              {cancel_user(CancelReason::vaccine_unavailable), withdraw(), free(), call_off()});
}
TEST(Booking, an_injection_reaches_user_reservation_and_stock_VAC_F7_VAC_X7) {
    completed()
        .when(injected())
        .then(Vaccinated{17}, {send<UserContract>("17", RecordInjection{17, "Moderna", today}),
                               send<ReservationContract>("17", FulfilReservation{17}),
                               send<StockContract>("Moderna", ConsumeDose{"Moderna", 17})});
}
TEST(Booking, of_somebody_who_does_not_come_gives_back_dose_and_place_SH_16) {
    completed().when(missed()).then(
        open("Moderna", true, false, true),
        {cancel_user(CancelReason::no_show), withdraw(), free(), release("Moderna")});
    // Cancelled at the same time: the appointment is over all the same.
    undoing_all().when(missed()).then(open("Moderna", true, false, true), {});
}
TEST(Booking, a_cancellation_undoes_what_there_is_VAC_F8_F9_F10) {
    placing().when(user_cancelled).then(open("", true, false, false), {free()});
    receiving()
        .when(user_cancelled)
        .then(open("", true, true, false), {withdraw(), free(), call_off()});
    choosing()
        .when(user_cancelled)
        .then(open("Moderna", true, true, true),
              {withdraw(), free(), call_off(), release("Moderna")});
    given<Booking>(wished(), placed, received(), no_moderna)
        .when(user_cancelled)
        .then(open("Pfizer", true, true, true),
              {withdraw(), free(), call_off(), release("Pfizer")});
    completed()
        .when(user_cancelled)
        .then(open("Moderna", true, true, true),
              {withdraw(), free(), call_off(), release("Moderna")});
}
TEST(Booking, is_compensated_when_all_that_was_open_is_closed) {
    undoing_all().when(freed).then(open("Moderna", false, true, true), {});
    undoing_all().when(called_off).then(open("Moderna", true, false, true), {});
    undoing_all().when(dose_back).then(open("Moderna", true, true, false), {});
    undoing_all().when(no_moderna).then(open("Moderna", true, true, false), {});
    given<Booking>(wished(), placed, received(), got_moderna, user_cancelled, freed, called_off)
        .when(dose_back)
        .then(Compensated{17}, {});
    given<Booking>(wished(), user_cancelled).when(freed).then(Compensated{17}, {});
}

TEST(Booking, what_is_late_or_repeated_changes_nothing) {
    const auto is = [](const auto& input, std::initializer_list<std::size_t> indexes) {
        return std::ranges::find(indexes, input.index()) != indexes.end();
    };
    for (const auto& input : all) {
        if (!is(input, {0})) given<Booking>().when(input).then_nothing();
        if (!is(input, {1, 2, 10})) placing().when(input).then_nothing();
        if (!is(input, {1, 4})) receiving().when(input).then_nothing();
        if (!is(input, {1, 7, 8})) choosing().when(input).then_nothing();
        if (!is(input, {1, 5, 11})) completed().when(input).then_nothing();
        if (!is(input, {3, 6, 8, 9, 11})) undoing_all().when(input).then_nothing();
        vaccinated().when(input).then_nothing();
        given<Booking>(wished(), refused, freed).when(input).then_nothing();
    }
    // A refusal of a type that is not asked for any more.
    given<Booking>(wished(), placed, received(), no_moderna).when(no_moderna).then_nothing();
}

TEST(Booking, ends_completed_injected_or_compensated_and_nowhere_else) {
    EXPECT_FALSE(Booking::ended(NotBegun{}));
    EXPECT_FALSE(Booking::ended(Placing{}));
    EXPECT_FALSE(Booking::ended(Receiving{}));
    EXPECT_FALSE(Booking::ended(Choosing{}));
    EXPECT_TRUE(Booking::ended(Completed{}));
    EXPECT_TRUE(Booking::ended(Vaccinated{}));
    EXPECT_FALSE(Booking::ended(Compensating{}));
    EXPECT_TRUE(Booking::ended(Compensated{}));
}

TEST(Booking, everybody_speaks_of_the_same_number_VAC_X3) {
    for (const auto& input : all)
        std::visit(
            [](const auto& e) {
                if constexpr (!std::same_as<std::decay_t<decltype(e)>, Refused>) {
                    EXPECT_EQ(Booking::route(e), "17");
                }
            },
            input);
}

std::vector<std::string> texts(const std::vector<Send>& sends) {
    std::vector<std::string> texts;
    for (const auto& send : sends) texts.push_back(text_of_send<Booking::Sources>(send));
    return texts;
}

TEST(Booking, an_operator_sends_again_what_it_waits_for) {
    const auto retry = [](const BookingState& state) { return texts(Booking::retry(state)); };
    EXPECT_EQ(retry(NotBegun{}), texts({}));
    EXPECT_EQ(retry(Placing{wish(), 100}), texts({take()}));
    EXPECT_EQ(retry(Receiving{wish()}), texts({enter(), tell()}));
    EXPECT_EQ(retry(Choosing{wish(), 1}), texts({reserve("Pfizer")}));
    EXPECT_EQ(retry(Completed{17, day, "Moderna"}), texts({}));
    EXPECT_EQ(retry(open("Moderna", false, false, true)), texts({release("Moderna")}));
    EXPECT_EQ(retry(open("", true, false, false)), texts({free()}));
    EXPECT_EQ(retry(Compensated{17}), texts({}));
}

TEST(Booking, an_operator_can_undo_what_is_not_over) {
    const auto undo = [](const BookingState& state) { return Booking::compensate(state, today); };
    const auto by_operator = cancel_user(CancelReason::operator_request);
    EXPECT_EQ(texts(undo(Placing{wish(), 100}).sends), texts({by_operator, free()}));
    const auto whole = undo(Completed{17, day, "Moderna"});
    EXPECT_EQ(text_of(whole.next), text_of(BookingState{open("Moderna", true, true, true)}));
    EXPECT_EQ(texts(whole.sends),
              texts({by_operator, withdraw(), free(), call_off(), release("Moderna")}));
    for (const BookingState& over : std::vector<BookingState>{
             NotBegun{}, Vaccinated{17}, open("", true, false, false), Compensated{17}}) {
        EXPECT_TRUE(undo(over).nothing);
        EXPECT_TRUE(undo(over).sends.empty());
    }
}

}  // namespace
}  // namespace yeyak::tests::vaccines
