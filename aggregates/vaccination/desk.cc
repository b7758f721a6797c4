#include "aggregates/vaccination/desk.h"

#include <fmt/format.h>

#include <algorithm>

#include "aggregates/engine/aggregate_host.h"
#include "aggregates/engine/guard.h"
#include "aggregates/vaccination/appointment.h"
#include "aggregates/vaccination/slot.h"
#include "aggregates/vaccination/stock.h"
#include "aggregates/vaccination/user.h"
#include "kernel/ensure.h"

namespace yeyak::vaccination {
namespace {

// Table guard: the newest user of a person.
std::string guard_of(std::string_view person) { return fmt::format("vaccination/{}", person); }

std::optional<std::int64_t> user_of(Unit& unit, std::string_view person) {
    const auto known = unit.store().staged_value(eventstore::Table::guard, guard_of(person));
    if (!known) return std::nullopt;
    return std::stoll(*known);
}

// Table guard: the last day whose no-shows are recorded.
constexpr std::string_view closed_day = "vaccination.closed_day";

// Nobody can have reserved a day before the first reservation was made.
std::optional<Date> first_day(Unit& unit) {
    eventstore::AllQuery query;
    query.filter.categories = {std::string{SlotContract::category}};
    query.max_events = 1;
    const auto page = unit.store().read_all(query);
    if (!page || page->events.empty()) return std::nullopt;
    return seoul_date(page->events.front()->time);
}

std::optional<Date> first_open_day(Unit& unit) {
    const auto closed = unit.store().staged_value(eventstore::Table::guard, closed_day);
    if (!closed) return first_day(unit);
    const auto day = parse_date(*closed);
    ensure(day.has_value(), "the day that was written can be read");
    return *day + 1;
}

// At most `left` no-shows of the day; whether that were all.
bool close_day(Unit& unit, Date day, std::size_t& left) {
    // A copy: every no-show frees a place of the day.
    const auto expected = std::get<Places>(state_in<Slot>(unit, to_text(day))).taken;
    for (const auto user : expected) {
        const auto id = std::to_string(user);
        if (!std::holds_alternative<Ready>(state_in<Appointment>(unit, id))) continue;
        if (left == 0) return false;
        --left;
        unit.execute<AppointmentContract>(id, RecordNoShow{user, seoul_date(unit.now())});
    }
    return true;
}

bool is_active(Unit& unit, std::int64_t user) {
    return std::holds_alternative<Reserved>(state_in<User>(unit, std::to_string(user)));
}

bool is_injected(Unit& unit, std::int64_t user) {
    return std::holds_alternative<Done>(state_in<Appointment>(unit, std::to_string(user)));
}

// A stopped context does not say what it has: the wish is taken, and undone later if need be.
bool has_place(Unit& unit, const UserReservationRequested& r) {
    if (!unit.is_up(SlotContract::context(""))) return true;
    const auto& slot = state_in<Slot>(unit, to_text(r.reserve_date));
    return Slot::decide(slot, TakePlace{r.reserve_date, r.id, r.capacity}).has_value();
}

bool has_vaccine(Unit& unit, const UserReservationRequested& r) {
    for (const auto context :
         {SlotContract::context(""), AppointmentContract::context(""), StockContract::context("")})
        if (!unit.is_up(context)) return true;
    return std::ranges::any_of(r.vaccine_types, [&](const auto& type) {
        return std::get<Shelf>(state_in<Stock>(unit, type)).available > 0;
    });
}

}  // namespace

std::vector<std::string> order_by_lot(std::vector<std::string> types, std::uint64_t draw) {
    for (std::size_t left = types.size(); left > 1; --left) {
        std::swap(types[left - 1], types[draw % left]);
        draw /= left;
    }
    return types;
}

Verdict request_reservation(Unit& unit, UserReservationRequested reservation, std::uint64_t draw) {
    if (!unit.is_up(UserContract::context(""))) return Verdict::context_down();
    const Date today = seoul_date(unit.now());
    if (reservation.reserve_date <= today || reservation.reserve_date > today + days_offered)
        return Verdict::refused("date_not_offered");
    const auto before = user_of(unit, reservation.person);
    if (before && is_active(unit, *before)) return Verdict::refused("already_reserved");
    if (!has_place(unit, reservation)) return Verdict::refused("date_not_available");
    if (!has_vaccine(unit, reservation)) return Verdict::refused("vaccine_unavailable");
    reservation.id = static_cast<std::int64_t>(unit.next_number("vaccination.users"));
    reservation.vaccine_types = order_by_lot(std::move(reservation.vaccine_types), draw);
    const auto id = std::to_string(reservation.id);
    unit.write(eventstore::Table::guard, guard_of(reservation.person), id);
    return unit.execute<UserContract>(id, RequestUserReservation{std::move(reservation)});
}

Verdict cancel_reservation(Unit& unit, const Who& who) {
    if (!unit.is_up(UserContract::context(""))) return Verdict::context_down();
    const auto user = who.user ? who.user : user_of(unit, who.person);
    if (!user) return Verdict::refused("user_not_found");
    const auto stream = fmt::format("{}-{}", UserContract::category, *user);
    if (who.made_by && !holds(Owned{stream, *who.made_by}, unit.store()))
        return Verdict::refused("user_not_found");
    // The hospital may know more than the user who was stopped meanwhile.
    if (is_injected(unit, *user)) return Verdict::refused("already_injected");
    return unit.execute<UserContract>(std::to_string(*user),
                                      CancelUserReservation{*user, CancelReason::user_request});
}

Verdict inject(Unit& unit, std::int64_t user) {
    if (!unit.is_up(AppointmentContract::context(""))) return Verdict::context_down();
    const auto id = std::to_string(user);
    // A cancellation may still be on its way to the hospital.
    const auto& state = state_in<User>(unit, id);
    if (std::holds_alternative<NoUser>(state)) return Verdict::refused("user_not_found");
    if (std::holds_alternative<Cancelled>(state)) return Verdict::refused("already_cancelled");
    return unit.execute<AppointmentContract>(id, InjectVaccine{user, unit.now()});
}

Verdict record_no_show(Unit& unit, std::int64_t user) {
    if (!unit.is_up(AppointmentContract::context(""))) return Verdict::context_down();
    const auto id = std::to_string(user);
    const auto& state = state_in<User>(unit, id);
    if (std::holds_alternative<NoUser>(state)) return Verdict::refused("user_not_found");
    if (std::holds_alternative<Cancelled>(state)) return Verdict::refused("already_cancelled");
    return unit.execute<AppointmentContract>(id, RecordNoShow{user, seoul_date(unit.now())});
}

Verdict close_days(Unit& unit, bool& more) {
    more = false;
    if (!unit.is_up(AppointmentContract::context(""))) return {};
    const auto first = first_open_day(unit);
    const Date today = seoul_date(unit.now());
    if (!first || *first >= today) return {};
    const Date last = std::min(today, *first + days_at_once);
    std::size_t left = no_shows_at_once;
    Date day = *first;
    while (day < last && close_day(unit, day, left)) day = day + 1;
    more = day < today;
    if (day != *first)
        unit.write(eventstore::Table::guard, std::string{closed_day}, to_text(day + -1));
    return {};
}

Verdict fill_stock(Unit& unit, const std::vector<std::string>& types, std::int64_t count) {
    Verdict verdict;
    if (count == 0) return verdict;
    for (const auto& type : types) {
        const auto filled = fmt::format("vaccination.stock/{}", type);
        if (unit.store().staged_value(eventstore::Table::guard, filled)) continue;
        const auto delivery = static_cast<std::int64_t>(unit.next_number("vaccination.deliveries"));
        unit.write(eventstore::Table::guard, filled, std::to_string(delivery));
        verdict = unit.execute(send<StockContract>(type, ReceiveStock{type, delivery, count}));
    }
    return verdict;
}

}  // namespace yeyak::vaccination
