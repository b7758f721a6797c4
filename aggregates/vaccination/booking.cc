#include "aggregates/vaccination/booking.h"

#include "kernel/match.h"

namespace yeyak::vaccination {
namespace {

using Step = Booking::Step;

Step nothing(const BookingState& state) { return Step{.next = state, .nothing = true}; }

Send cancel_user(std::int64_t id, CancelReason reason) {
    return send<UserContract>(std::to_string(id), CancelUserReservation{id, reason});
}

Send take_place(const Placing& s) {
    return send<SlotContract>(to_text(s.wish.reserve_date),
                              TakePlace{s.wish.reserve_date, s.wish.id, s.capacity});
}

Send enter_reservation(const Wish& w) {
    return send<ReservationContract>(
        std::to_string(w.id),
        RequestReservation{{w.id, w.id, w.user_name, w.user_reg_number, w.reserve_date}});
}

Send tell_hospital(const Wish& w) {
    return send<AppointmentContract>(
        std::to_string(w.id), ReceiveReservation{{w.id, w.id, w.id, std::string{hospital_name},
                                                  w.user_name, w.user_reg_number, w.reserve_date}});
}

Send assign(std::int64_t id, const std::string& vaccine_type) {
    return send<AppointmentContract>(std::to_string(id), AssignVaccine{id, vaccine_type});
}

const std::string& asked_type(const Choosing& s) {
    return s.wish.vaccine_types.at(static_cast<std::size_t>(s.asked));
}

Send reserve_dose(const Choosing& s) {
    return send<StockContract>(asked_type(s), ReserveDose{asked_type(s), s.wish.id});
}

// What undoes the parts that are open.
std::vector<Send> closing(const Compensating& s) {
    const auto id = std::to_string(s.id);
    std::vector<Send> sends;
    // The reservation is cancelled before its place is free for another.
    if (s.place_open && s.appointment_open)
        sends.push_back(send<ReservationContract>(id, CancelReservation{s.id}));
    if (s.place_open)
        sends.push_back(
            send<SlotContract>(to_text(s.reserve_date), FreePlace{s.reserve_date, s.id}));
    if (s.appointment_open) sends.push_back(send<AppointmentContract>(id, CancelAppointment{s.id}));
    if (s.dose_open)
        sends.push_back(send<StockContract>(s.vaccine_type, ReleaseDose{s.vaccine_type, s.id}));
    return sends;
}

Compensating of(const Wish& w) {
    Compensating nothing_open;
    nothing_open.id = w.id;
    nothing_open.reserve_date = w.reserve_date;
    return nothing_open;
}

// How far it came; nothing when there is nothing to undo.
std::optional<Compensating> open_parts(const BookingState& state) {
    return match<std::optional<Compensating>>(state)(
        [](const Placing& s) {
            auto open = of(s.wish);
            open.place_open = true;
            return open;
        },
        [](const Receiving& s) {
            auto open = of(s.wish);
            open.place_open = open.appointment_open = true;
            return open;
        },
        [](const Choosing& s) {
            auto open = of(s.wish);
            open.place_open = open.appointment_open = open.dose_open = true;
            open.vaccine_type = asked_type(s);
            return open;
        },
        [](const Completed& s) {
            return Compensating{s.id, s.reserve_date, s.vaccine_type, true, true, true};
        },
        [](const auto&) { return std::nullopt; });
}

Step undo(const BookingState& state) {
    const auto open = open_parts(state);
    if (!open) return nothing(state);
    return {.next = *open, .sends = closing(*open)};
}

// The user is told, and everything is undone.
Step give_up(const BookingState& state, std::int64_t id, CancelReason reason) {
    auto step = undo(state);
    if (!step.nothing) step.sends.insert(step.sends.begin(), cancel_user(id, reason));
    return step;
}

// Nobody came: the appointment is over, everything else is given back.
Step missed(const Completed& s) {
    const Compensating rest{s.id, s.reserve_date, s.vaccine_type, true, false, true};
    std::vector<Send> sends{
        cancel_user(s.id, CancelReason::no_show),
        send<ReservationContract>(std::to_string(s.id), CancelReservation{s.id})};
    for (auto& closes : closing(rest)) sends.push_back(std::move(closes));
    return {.next = rest, .sends = std::move(sends)};
}

// Compensation is over when everything that was open is closed.
Step closed(const Compensating& s) {
    if (!s.place_open && !s.appointment_open && !s.dose_open) return {.next = Compensated{s.id}};
    return {.next = s};
}

Step ask(const Choosing& s) { return {.next = s, .sends = {reserve_dose(s)}}; }

// The type that was asked for is gone: the next one, or nothing of it all.
Step ask_next(const Choosing& s) {
    const auto types = static_cast<std::int32_t>(s.wish.vaccine_types.size());
    if (s.asked + 1 < types) return ask({s.wish, s.asked + 1});
    return give_up(Receiving{s.wish}, s.wish.id, CancelReason::vaccine_unavailable);
}

}  // namespace

Booking::Step Booking::react(const State& state, const Input& input, Instant) {
    return match<Step>(state, input)(
        [](const NotBegun&, const UserReservationRequested& e) {
            const Placing next{
                {e.id, e.user_name, e.user_reg_number, e.reserve_date, e.vaccine_types},
                e.capacity};
            return Step{.next = next, .sends = {take_place(next)}};
        },

        [](const Placing& s, const PlaceTaken&) {
            return Step{.next = Receiving{s.wish},
                        .sends = {enter_reservation(s.wish), tell_hospital(s.wish)}};
        },
        [](const Placing& s, const Refused&) {
            return give_up(s, s.wish.id, CancelReason::date_not_available);
        },
        [](const Receiving& s, const HospitalReservationReceived&) { return ask({s.wish, 0}); },
        [](const Choosing& s, const DoseRefused& e) {
            return e.vaccine_type == asked_type(s) ? ask_next(s) : nothing(s);
        },
        [](const Choosing& s, const DoseReserved& e) {
            return Step{.next = Completed{s.wish.id, s.wish.reserve_date, e.vaccine_type},
                        .sends = {assign(s.wish.id, e.vaccine_type)}};
        },
        [](const Completed& s, const VaccineInjected& e) {
            const auto id = std::to_string(s.id);
            return Step{
                .next = Vaccinated{s.id},
                .sends = {
                    send<UserContract>(id, RecordInjection{s.id, e.vaccine_type, e.inject_date}),
                    send<ReservationContract>(id, FulfilReservation{s.id}),
                    send<StockContract>(s.vaccine_type, ConsumeDose{s.vaccine_type, s.id})}};
        },

        [](const Completed& s, const NoShowRecorded&) { return missed(s); },

        [](const Placing& s, const UserReservationCancelled&) { return undo(s); },
        [](const Receiving& s, const UserReservationCancelled&) { return undo(s); },
        [](const Choosing& s, const UserReservationCancelled&) { return undo(s); },
        [](const Completed& s, const UserReservationCancelled&) { return undo(s); },

        [](Compensating s, const PlaceFreed&) {
            s.place_open = false;
            return closed(s);
        },
        [](Compensating s, const HospitalReservationCancelled&) {
            s.appointment_open = false;
            return closed(s);
        },
        [](Compensating s, const NoShowRecorded&) {
            s.appointment_open = false;
            return closed(s);
        },
        [](Compensating s, const DoseReleased&) {
            s.dose_open = false;
            return closed(s);
        },
        [](Compensating s, const DoseRefused&) {
            s.dose_open = false;
            return closed(s);
        },

        [](const auto& s, const auto&) { return nothing(s); });
}

bool Booking::ended(const State& state) {
    return std::holds_alternative<Completed>(state) || std::holds_alternative<Vaccinated>(state) ||
           std::holds_alternative<Compensated>(state);
}

std::vector<Send> Booking::retry(const State& state) {
    return match<std::vector<Send>>(state)(
        [](const Placing& s) { return std::vector{take_place(s)}; },
        [](const Receiving& s) {
            return std::vector{enter_reservation(s.wish), tell_hospital(s.wish)};
        },
        [](const Choosing& s) { return std::vector{reserve_dose(s)}; },
        [](const Compensating& s) { return closing(s); },
        [](const auto&) { return std::vector<Send>{}; });
}

Booking::Step Booking::compensate(const State& state, Instant) {
    const auto open = open_parts(state);
    return open ? give_up(state, open->id, CancelReason::operator_request) : nothing(state);
}

}  // namespace yeyak::vaccination
