#include "tests/aggregates/vaccination_world.h"

#include <fmt/format.h>

#include <algorithm>

#include "aggregates/engine/saga_step.h"
#include "aggregates/notification/contract.h"
#include "aggregates/notification/system.h"
#include "aggregates/vaccination/appointment.h"
#include "aggregates/vaccination/desk.h"
#include "aggregates/vaccination/numbers.h"
#include "aggregates/vaccination/reservation.h"
#include "aggregates/vaccination/slot.h"
#include "aggregates/vaccination/stock.h"
#include "aggregates/vaccination/system.h"
#include "aggregates/vaccination/user.h"
#include "kernel/ensure.h"
#include "kernel/match.h"

namespace yeyak::tests::vaccines {

namespace {

void install_with_messages(Engine& engine) {
    notification::install(engine);
    vaccination::install(engine);
}

}  // namespace

Clinic::Clinic(std::int64_t doses_of_each) : World(nullptr, &install_with_messages) {
    now = today;
    submit_decision(
        [doses_of_each](Unit& unit) { return fill_stock(unit, both_types, doses_of_each); });
    run_batch();
}

World::AnswerPtr Clinic::submit_decision(std::move_only_function<Verdict(Unit&)> decide) {
    CommandWork request;
    request.cause = {"request-1", "request-1", "somebody"};
    request.decide = std::move(decide);
    return submit(std::move(request));
}

World::AnswerPtr Clinic::submit_wish(int who, int days_ahead, std::int32_t capacity,
                                     std::uint64_t draw) {
    auto wished = vaccines::wished(0);
    wished.person = fmt::format("person-{}", who);
    wished.reserve_date = seoul_date(today) + days_ahead;
    wished.capacity = capacity;
    return submit_decision(
        [wished, draw](Unit& unit) { return request_reservation(unit, wished, draw); });
}
World::AnswerPtr Clinic::submit_cancel_of(std::int64_t user) {
    return submit_decision([user](Unit& unit) { return cancel_reservation(unit, {user, ""}); });
}
World::AnswerPtr Clinic::submit_cancel_of_person(int who) {
    return submit_decision([who](Unit& unit) {
        return cancel_reservation(unit, {std::nullopt, fmt::format("person-{}", who)});
    });
}
World::AnswerPtr Clinic::submit_inject(std::int64_t user) {
    return submit_decision([user](Unit& unit) { return vaccination::inject(unit, user); });
}

World::AnswerPtr Clinic::submit_no_show(std::int64_t user) {
    return submit_decision([user](Unit& unit) { return record_no_show(unit, user); });
}
World::AnswerPtr Clinic::submit_close_days() {
    return submit_decision(
        [this](Unit& unit) { return vaccination::close_days(unit, more_to_close_); });
}

Reply Clinic::now_asked(const AnswerPtr& answer) {
    run_batch();
    ensure(answer->given, "every request of a batch is answered");
    return answer->reply;
}
Reply Clinic::wish_for(int who, int days_ahead, std::int32_t capacity, std::uint64_t draw) {
    return now_asked(submit_wish(who, days_ahead, capacity, draw));
}
Reply Clinic::cancel_of(std::int64_t user) { return now_asked(submit_cancel_of(user)); }
Reply Clinic::inject(std::int64_t user) { return now_asked(submit_inject(user)); }
Reply Clinic::no_show(std::int64_t user) { return now_asked(submit_no_show(user)); }
int Clinic::close_days() {
    int decisions = 0;
    do {
        now_asked(submit_close_days());
        ++decisions;
    } while (more_to_close_ && decisions < 1000);
    return decisions;
}

void Clinic::submit_all_up() {
    for (const auto& context : contexts) submit_context(context, ContextState::up);
}

std::int64_t Clinic::users() const {
    std::int64_t users = 0;
    for (const auto& event : log())
        if (event->data.type == UserReservationRequested::type) ++users;
    return users;
}

std::int64_t Clinic::changes() const {
    return std::ranges::count_if(log(), [](const auto& event) {
        return eventstore::category_of(event->stream) == UserContract::category;
    });
}
std::int64_t Clinic::messages() const {
    return std::ranges::count_if(log(), [](const auto& event) {
        return event->data.type == notification::NotificationDelivered::type;
    });
}

std::string Clinic::saga_of(std::int64_t user) const {
    const auto steps = stream(stream_of(Booking::category, std::to_string(user)));
    return steps.empty() ? "none" : saga_summary(steps.back()->data.payload)->state;
}

std::string Clinic::outcomes() const {
    std::string text;
    for (std::int64_t user = 1; user <= users(); ++user) {
        const auto appointment = state<Appointment>(std::to_string(user));
        const auto* ready = std::get_if<Ready>(&appointment);
        text += fmt::format("{}: {} {}\n", user, saga_of(user), ready ? ready->vaccine_type : "");
    }
    return text;
}

std::int64_t Clinic::available(const std::string& type) const {
    return std::get<Shelf>(state<Stock>(type)).available;
}

std::string Clinic::wrong(std::int64_t user) const {
    const auto id = std::to_string(user);
    const auto saga = saga_of(user);
    const auto person = state<User>(id);
    const auto reservation = state<Reservation>(id);
    const auto appointment = state<Appointment>(id);
    const auto wish =
        decode_event<UserEvent>(UserReservationRequested::type,
                                stream(stream_of(User::category, id)).front()->data.payload);
    const auto date = std::get<UserReservationRequested>(*wish).reserve_date;
    const bool placed = contains(std::get<Places>(state<Slot>(to_text(date))).taken, user);
    int held = 0;
    bool of_its_type = false;
    for (const auto& type : both_types) {
        if (!contains(std::get<Shelf>(state<Stock>(type)).held, user)) continue;
        ++held;
        const auto* ready = std::get_if<Ready>(&appointment);
        of_its_type = ready != nullptr && ready->vaccine_type == type;
    }
    if (saga == "completed") {
        const bool whole = std::holds_alternative<Reserved>(person) &&
                           std::holds_alternative<Entered>(reservation) && placed && held == 1 &&
                           of_its_type;
        return whole ? "" : "a booking is not whole";
    }
    if (saga == "injected") {
        const bool whole = std::holds_alternative<Injected>(person) &&
                           std::holds_alternative<Fulfilled>(reservation) && placed && held == 0 &&
                           std::holds_alternative<Done>(appointment);
        return whole ? "" : "an injection is not known to all";
    }
    if (saga != "compensated") return fmt::format("the saga is stuck in {}", saga);
    const bool gone = std::holds_alternative<Cancelled>(person) &&
                      (std::holds_alternative<NoReservation>(reservation) ||
                       std::holds_alternative<Withdrawn>(reservation)) &&
                      (std::holds_alternative<NoAppointment>(appointment) ||
                       std::holds_alternative<CalledOff>(appointment) ||
                       std::holds_alternative<Missed>(appointment)) &&
                      !placed && held == 0;
    return gone ? "" : "something is left of a cancelled booking";
}

std::string Clinic::wrong() const {
    if (!quiet()) return "something is still owed";
    if (messages() != changes()) return "a change was not told once";
    for (std::int64_t user = 1; user <= users(); ++user) {
        if (auto text = wrong(user); !text.empty()) return fmt::format("user {}: {}", user, text);
        ++seen()["vaccination " + saga_of(user)];
    }
    return wrong_so_far();
}

namespace {

// The books of a log, kept by an auditor that knows the events and none of the rules.
struct Books {
    std::map<std::string, std::int64_t> left;                  // doses by type
    std::map<std::pair<std::string, std::int64_t>, int> held;  // dose by type and reservation
    std::map<std::int32_t, std::int64_t> taken;                // places by day
    std::map<std::string, int> active;                         // reservations by person
    std::map<std::int64_t, std::string> person;
    std::string wrong;

    void check(bool right, std::string what) {
        if (!right && wrong.empty()) wrong = std::move(what);
    }
    void look(const UserEvent& event) {
        match(event)(
            [&](const UserReservationRequested& e) {
                person[e.id] = e.person;
                check(++active[e.person] == 1, "a person has two active reservations");
            },
            [&](const UserReservationCancelled& e) { --active[person[e.id]]; },
            [&](const UserInjected& e) { --active[person[e.id]]; });
    }
    void look(const SlotEvent& event) {
        match(event)(
            [&](const PlaceTaken& e) {
                check(++taken[e.date.days] <= e.capacity, "a day is overbooked");
            },
            [&](const PlaceFreed& e) { taken[e.date.days] -= e.was_taken ? 1 : 0; });
    }
    void look(const StockEvent& event) {
        match(event)(
            [&](const StockReceived& e) {
                left[e.vaccine_type] += e.count;
                check(left[e.vaccine_type] == e.available, "a delivery is miscounted");
            },
            [&](const DoseReserved& e) {
                check(++held[{e.vaccine_type, e.reservation_id}] == 1, "a dose counted twice");
                check(--left[e.vaccine_type] == e.available && e.available >= 0,
                      "the stock is overdrawn");
            },
            [&](const DoseReleased& e) {
                check(held[{e.vaccine_type, e.reservation_id}]-- == 1, "a dose from nowhere");
                check(++left[e.vaccine_type] == e.available, "a dose is miscounted");
            },
            [&](const DoseConsumed& e) {
                check(held[{e.vaccine_type, e.reservation_id}]-- == 1, "an injection of nothing");
            },
            [](const DoseRefused&) {});
    }
};

template <class Contract>
void read(Books& books, const eventstore::RecordedEvent& event) {
    if (eventstore::category_of(event.stream) != Contract::category) return;
    books.look(*decode_event<typename Contract::Event>(event.data.type, event.data.payload));
}

}  // namespace

std::string Clinic::wrong_so_far() const {
    Books books;
    for (const auto& event : log()) {
        read<UserContract>(books, *event);
        read<SlotContract>(books, *event);
        read<StockContract>(books, *event);
    }
    return books.wrong;
}

}  // namespace yeyak::tests::vaccines
