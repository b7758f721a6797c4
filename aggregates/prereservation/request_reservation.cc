#include "aggregates/prereservation/request_reservation.h"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "aggregates/engine/aggregate_host.h"
#include "aggregates/prereservation/reservation.h"

namespace yeyak::prereservation {
namespace {

// The numbers of a user's reservations of a product: "3 17 42".
std::vector<std::int64_t> numbers_in(std::string_view text) {
    std::vector<std::int64_t> numbers;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        std::int64_t number = 0;
        const auto [next, code] = std::from_chars(at, end, number);
        ensure(code == std::errc{}, "a guard that was written can be read");
        numbers.push_back(number);
        at = next + (next < end ? 1 : 0);
    }
    return numbers;
}

}  // namespace

Verdict request_reservation(Unit& unit, ReservationRequested reservation, std::int64_t limit) {
    if (!unit.is_up(ReservationContract::context(""))) return Verdict::context_down();
    const auto key =
        fmt::format("prereservation/{}/{}", reservation.user_id, reservation.product_id);
    std::vector<std::int64_t> live;
    if (limit > 0) {
        live = numbers_in(unit.store().staged_value(eventstore::Table::guard, key).value_or(""));
        std::erase_if(live, [&](std::int64_t number) {
            return std::holds_alternative<Cancelled>(
                state_in<Reservation>(unit, std::to_string(number)));
        });
        if (static_cast<std::int64_t>(live.size()) >= limit)
            return Verdict::refused("reservation_limit_reached");
    }
    reservation.id = static_cast<std::int64_t>(unit.next_number("preReservations"));
    if (limit > 0) {
        live.push_back(reservation.id);
        unit.write(eventstore::Table::guard, key, fmt::format("{}", fmt::join(live, " ")));
    }
    const auto id = std::to_string(reservation.id);
    return unit.execute<ReservationContract>(id, RequestReservation{std::move(reservation)});
}

}  // namespace yeyak::prereservation
