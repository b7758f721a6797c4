// The laws of every decider (laws.h) for those of vaccination, and what each of them never does.
#include "tests/aggregates/laws.h"

#include "aggregates/vaccination/appointment.h"
#include "aggregates/vaccination/numbers.h"
#include "aggregates/vaccination/reservation.h"
#include "aggregates/vaccination/slot.h"
#include "aggregates/vaccination/stock.h"
#include "aggregates/vaccination/user.h"
#include "tests/aggregates/vaccination_samples.h"

namespace yeyak::tests::vaccines {
namespace {

const std::vector<UserCommand> user_commands{
    RequestUserReservation{wished()}, RequestUserReservation{wished(18)},
    CancelUserReservation{17, CancelReason::user_request},
    CancelUserReservation{17, CancelReason::date_not_available},
    RecordInjection{17, "Moderna", today}};
const std::vector<ReservationCommand> reservation_commands{
    RequestReservation{reserved()}, RequestReservation{reserved(18)}, CancelReservation{17},
    FulfilReservation{17}};
const std::vector<AppointmentCommand> appointment_commands{
    ReceiveReservation{received()}, ReceiveReservation{received(18)}, AssignVaccine{17, "Moderna"},
    AssignVaccine{17, "Pfizer"},    InjectVaccine{17, today},         CancelAppointment{17},
    RecordNoShow{17, day},          RecordNoShow{17, day + -1}};
const std::vector<SlotCommand> slot_commands = [] {
    std::vector<SlotCommand> all;
    for (std::int64_t who = 1; who <= 4; ++who) {
        all.push_back(TakePlace{day, who, 2});
        all.push_back(FreePlace{day, who});
    }
    return all;
}();
const std::vector<StockCommand> stock_commands = [] {
    std::vector<StockCommand> all{ReceiveStock{"Pfizer", 1, 1}, ReceiveStock{"Pfizer", 2, 2}};
    for (std::int64_t who = 1; who <= 4; ++who) {
        all.push_back(ReserveDose{"Pfizer", who});
        all.push_back(ReleaseDose{"Pfizer", who});
        all.push_back(ConsumeDose{"Pfizer", who});
    }
    return all;
}();

RC_GTEST_PROP(VaccinationUserLaws, hold_for_every_history, ()) {
    const auto history =
        live<User>(user_commands, [](const auto& before, const auto&, const auto&) {
            RC_ASSERT(!std::holds_alternative<Cancelled>(before));
            RC_ASSERT(!std::holds_alternative<Injected>(before));
        });
    RC_ASSERT(history.size() <= 2u);
}
RC_GTEST_PROP(VaccineReservationLaws, hold_for_every_history, ()) {
    live<Reservation>(reservation_commands, [](const auto& before, const auto&, const auto&) {
        RC_ASSERT(!std::holds_alternative<Withdrawn>(before));
        RC_ASSERT(!std::holds_alternative<Fulfilled>(before));
    });
}
RC_GTEST_PROP(AppointmentLaws, hold_for_every_history, ()) {
    const auto history = live<Appointment>(
        appointment_commands, [](const auto& before, const auto&, const auto& event) {
            RC_ASSERT(!std::holds_alternative<CalledOff>(before));
            RC_ASSERT(!std::holds_alternative<Done>(before));
            RC_ASSERT(!std::holds_alternative<Missed>(before));
            if (std::holds_alternative<VaccineInjected>(event) ||
                std::holds_alternative<NoShowRecorded>(event))
                RC_ASSERT(std::holds_alternative<Ready>(before));
        });
    RC_ASSERT(count<VaccineAssigned>(history) <= 1);
}
RC_GTEST_PROP(VaccinationSlotLaws, hold_for_every_history, ()) {
    live<Slot>(slot_commands, [](const auto&, const auto& after, const auto&) {
        RC_ASSERT(std::get<Places>(after).taken.size() <= 2u);
    });
}
RC_GTEST_PROP(VaccineStockLaws, hold_for_every_history, ()) {
    std::int64_t received = 0;
    std::int64_t reserved = 0;  // and neither given back nor used up
    std::int64_t consumed = 0;
    live<Stock>(stock_commands, [&](const auto&, const auto& after, const auto& event) {
        if (const auto* e = std::get_if<StockReceived>(&event)) received += e->count;
        if (std::holds_alternative<DoseReserved>(event)) ++reserved;
        if (std::holds_alternative<DoseReleased>(event)) --reserved;
        if (std::holds_alternative<DoseConsumed>(event)) --reserved, ++consumed;
        const auto& shelf = std::get<Shelf>(after);
        RC_ASSERT(shelf.available == received - reserved - consumed);
        RC_ASSERT(shelf.available >= 0);
        RC_ASSERT(std::ssize(shelf.held) == reserved);
    });
}
RC_GTEST_PROP(VaccinationEvolveLaws, is_total, ()) {
    total<User>({wished(), UserReservationCancelled{17, CancelReason::user_request},
                 UserInjected{17, "Moderna", today}});
    total<Reservation>({reserved(), ReservationCancelled{17}, ReservationFulfilled{17}});
    total<Appointment>({received(), VaccineAssigned{17, 17, "Moderna"}, injected(),
                        HospitalReservationCancelled{17, 17}, missed()});
    total<Slot>({PlaceTaken{day, 1, 2}, PlaceFreed{day, 1, true}, PlaceFreed{day, 2, false}});
    total<Stock>({StockReceived{"Pfizer", 1, 2, 2}, DoseReserved{"Pfizer", 1, 1},
                  DoseReleased{"Pfizer", 1, 2}, DoseConsumed{"Pfizer", 1},
                  DoseRefused{"Pfizer", 2}});
}
RC_GTEST_PROP(VaccinationNumbers, are_a_set, (const std::vector<std::int64_t>& picks)) {
    std::vector<std::int64_t> numbers;
    std::set<std::int64_t> model;
    for (const auto pick : picks) {
        const auto number = pick % 8;
        RC_ASSERT(contains(numbers, number) == model.contains(number));
        if (pick % 3 == 0) {
            erase(numbers, number);
            model.erase(number);
        } else {
            insert(numbers, number);
            model.insert(number);
        }
        RC_ASSERT(std::ranges::equal(numbers, model));
    }
}

}  // namespace
}  // namespace yeyak::tests::vaccines
