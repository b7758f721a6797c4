// What each event of vaccination does to a row, view by view.
#include <gtest/gtest.h>

#include <algorithm>

#include "projections/vaccination/dashboard.h"
#include "projections/vaccination/hospitals.h"
#include "projections/vaccination/reservations.h"
#include "projections/vaccination/slots.h"
#include "projections/vaccination/stocks.h"
#include "projections/vaccination/users.h"
#include "tests/aggregates/vaccination_samples.h"
#include "tests/scenario.h"
#include "tests/systems.h"

namespace yeyak::projections {
namespace {

using namespace tests;
using namespace tests::vaccines;

const UserReservationCancelled user_cancelled{17, CancelReason::vaccine_unavailable};
const UserInjected user_injected{17, "Moderna", today};
const ReservationCancelled cancelled{17};
const ReservationFulfilled fulfilled{17};
const VaccineAssigned assigned{17, 17, "Moderna"};
const HospitalReservationCancelled called_off{17, 17};

VaccinationUserRow user(ReserveStatus status, int last) {
    VaccinationUserRow row;
    row.id = 17;
    row.user_name = name.text();
    row.user_reg_number = reg_number.text();
    row.reserve_status = status;
    row.reserve_date = day;
    row.modify_date = at(last);
    return row;
}

TEST(VaccinationUsersView, shows_the_wish_and_its_end_VAC_A2) {
    given<VaccinationUsers>(wished()).then(user(ReserveStatus::RESERVE, 0));
    auto gone = user(ReserveStatus::CANCEL, 1);
    gone.cancel_reason = "vaccine_unavailable";
    given<VaccinationUsers>(wished(), user_cancelled).then(gone);
    auto done = user(ReserveStatus::INJECT, 1);
    done.inject_date = today;
    done.vaccine_type = "Moderna";
    given<VaccinationUsers>(wished(), user_injected).then(done);
    EXPECT_EQ(to_json(done).find("person"), std::string::npos);
    EXPECT_EQ(VaccinationUsers::indexes(done),
              (std::vector<IndexValue>{{"reserveStatus", "INJECT"}}));
}

TEST(VaccineReservationsView, shows_the_day_and_the_end) {
    VaccineReservationRow row{
        17, 17, name.text(), reg_number.text(), day, ReserveStatus::RESERVE, std::nullopt};
    given<VaccineReservations>(vaccines::reserved()).then(row);
    row.reserve_status = ReserveStatus::INJECT;
    given<VaccineReservations>(vaccines::reserved(), fulfilled).then(row);
    row.reserve_status = ReserveStatus::CANCEL;
    row.cancel_date = at(1);
    given<VaccineReservations>(vaccines::reserved(), cancelled).then(row);
    EXPECT_EQ(given<VaccineReservations>(cancelled).row().id, 17);
}

TEST(HospitalsView, shows_the_vaccine_and_the_end_VAC_A3) {
    HospitalRow row;
    row.id = row.reservation_id = row.user_id = 17;
    row.hospital_name = "Korean Hospital";
    row.user_name = name.text();
    row.user_reg_number = reg_number.text();
    row.reserve_date = day;
    row.reserve_status = ReserveStatus::RESERVE;
    given<Hospitals>(received()).then(row);
    row.vaccine_type = "Moderna";
    given<Hospitals>(received(), assigned).then(row);
    auto gone = row;
    gone.reserve_status = ReserveStatus::CANCEL;
    gone.cancel_date = at(2);
    given<Hospitals>(received(), assigned, called_off).then(gone);
    row.reserve_status = ReserveStatus::INJECT;
    row.inject_date = today;
    given<Hospitals>(received(), assigned, vaccines::injected()).then(row);
    EXPECT_EQ(given<Hospitals>(called_off).row().id, 17);
}

const StockReceived came{"Pfizer", 2, 10, 10};
const DoseReserved taken{"Pfizer", 17, 9};
const DoseReleased back{"Pfizer", 17, 10};
const DoseConsumed used{"Pfizer", 17};
const DoseRefused refused{"Pfizer", 18};

TEST(StocksView, lists_what_moved_VAC_X6) {
    given<StockMovements>(came).then({6, "Pfizer", 10, std::nullopt, 2, 10, at(0)});
    given<StockMovements>(taken).then({52, "Pfizer", -1, 17, std::nullopt, 9, at(0)});
    given<StockMovements>(back).then({53, "Pfizer", 1, 17, std::nullopt, 10, at(0)});
    EXPECT_EQ(StockMovements::key(used), std::nullopt);
    EXPECT_EQ(StockMovements::key(refused), std::nullopt);
}
TEST(SuppliesView, counts_what_there_is) {
    given<Supplies>(came).then({"Pfizer", "Pfizer", 10, 0, 0, 10});
    given<Supplies>(came, taken).then({"Pfizer", "Pfizer", 10, 1, 0, 9});
    given<Supplies>(came, taken, back).then({"Pfizer", "Pfizer", 10, 0, 0, 10});
    given<Supplies>(came, taken, used).then({"Pfizer", "Pfizer", 10, 0, 1, 9});
    given<Supplies>(refused).then({"Pfizer", "Pfizer", 0, 0, 0, 0});
}
TEST(SlotsView, counts_the_places_that_are_taken_VAC_A1) {
    const PlaceTaken one{day, 17, 100};
    const PlaceFreed freed{day, 17, true};
    const PlaceFreed never_had{day, 18, false};
    given<Slots>(one).then({"2021-10-05", day, 1});
    given<Slots>(one, freed).then({"2021-10-05", day, 0});
    given<Slots>(one, never_had).then({"2021-10-05", day, 1});
    given<Slots>(never_had).then({"2021-10-05", day, 0});
}

TEST(VaccinationDashboardView, joins_reservation_and_appointment_VAC_N4_VAC_X5) {
    VaccinationDashboardRow row;
    row.id = row.user_id = 17;
    row.user_name = name.text();
    row.user_reg_number = reg_number.text();
    row.reserve_status = ReserveStatus::RESERVE;
    row.reserve_date = day;
    given<VaccinationDashboard>(vaccines::reserved()).then(row);
    given<VaccinationDashboard>(vaccines::reserved(), received()).then(row);
    row.vaccine_type = "Moderna";
    given<VaccinationDashboard>(vaccines::reserved(), received(), assigned).then(row);
    auto gone = row;
    gone.reserve_status = ReserveStatus::CANCEL;
    gone.cancel_date = at(3);
    given<VaccinationDashboard>(vaccines::reserved(), received(), assigned, cancelled, called_off)
        .then(gone);
    row.reserve_status = ReserveStatus::INJECT;
    row.inject_date = today;
    given<VaccinationDashboard>(vaccines::reserved(), received(), assigned, vaccines::injected(),
                                fulfilled)
        .then(row);
}

// Each stream in its own order, and these in any: the row is the same but for the time it was told.
TEST(VaccinationDashboardView, the_order_of_streams_does_not_matter) {
    const auto row = [](const auto&... events) {
        auto made = given<VaccinationDashboard>(events...).row();
        if (made.cancel_date) made.cancel_date = at(0);
        return to_json(made);
    };
    const auto whole =
        row(vaccines::reserved(), fulfilled, received(), assigned, vaccines::injected());
    EXPECT_EQ(row(received(), assigned, vaccines::injected(), vaccines::reserved(), fulfilled),
              whole);
    EXPECT_EQ(row(received(), vaccines::reserved(), assigned, fulfilled, vaccines::injected()),
              whole);
    const auto gone = row(vaccines::reserved(), received(), assigned, called_off, cancelled);
    EXPECT_EQ(row(received(), assigned, called_off, vaccines::reserved(), cancelled), gone);
    EXPECT_EQ(row(vaccines::reserved(), cancelled, received(), assigned, called_off), gone);
    EXPECT_EQ(given<VaccinationDashboard>(assigned).row().id, 17);
    EXPECT_EQ(given<VaccinationDashboard>(called_off).row().id, 17);
}
TEST(VaccinationDashboardView, is_found_by_user_status_and_vaccine_VAC_A7) {
    const auto made = given<VaccinationDashboard>(vaccines::reserved(), assigned).row();
    EXPECT_EQ(VaccinationDashboard::indexes(made),
              (std::vector<IndexValue>{
                  {"userId", "17"}, {"reserveStatus", "RESERVE"}, {"vaccineType", "Moderna"}}));
}

TEST(VaccinationViews, stand_in_the_contexts_that_stop_them) {
    const std::vector<std::pair<std::string, std::string>> contexts{
        {"vaccination.users", "user"},          {"vaccination.slots", "reservation"},
        {"vaccination.hospitals", "hospital"},  {"vaccination.reservations", "reservation"},
        {"vaccination.stocks", "vaccinestock"}, {"vaccination.supplies", "vaccinestock"},
        {"vaccination.dashboard", "dashboard"}};
    for (const auto& [view, context] : contexts) {
        ASSERT_NE(tests::find_view(view), nullptr) << view;
        EXPECT_EQ(tests::find_view(view)->context(), context) << view;
    }
}

}  // namespace
}  // namespace yeyak::projections
