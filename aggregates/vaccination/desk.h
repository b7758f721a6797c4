// What people and the hospital ask for, each as one unit: the rules here are wider than one stream
// and read the newest state of others in the same unit, so they hold under any concurrency. A
// refusal leaves nothing behind.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "aggregates/engine/unit.h"
#include "aggregates/vaccination/user_contract.h"

namespace yeyak::vaccination {

// Days on which one can be vaccinated: tomorrow … +10 in Seoul.
inline constexpr std::int32_t days_offered = 10;

// The types in an order that `draw` decides: all orders are equally likely when all draws are. The
// first type of it that is in stock is then a uniform choice among those in stock.
std::vector<std::string> order_by_lot(std::vector<std::string> types, std::uint64_t draw);

// The id of `reservation` is filled in here; its vaccine types are put in order by `draw`. Refused:
//   date_not_offered                      not one of the days offered
//   already_reserved                      the person has an active reservation
//   date_not_available                    the day is full, as far as it can be known now
//   vaccine_unavailable                   no type is in stock, as far as it can be known now
//   context_down                          `user` is stopped
Verdict request_reservation(Unit& unit, UserReservationRequested reservation, std::uint64_t draw);

// Who has to be cancelled: the user with this number, or the person's newest one.
struct Who {
    std::optional<std::int64_t> user;
    std::string person;
    // Of nobody else's making; see Owned. None: whoever made the reservation.
    std::optional<std::string> made_by = {};
};

// Refused: user_not_found, already_cancelled, already_injected, context_down.
Verdict cancel_reservation(Unit& unit, const Who& who);

// Refused: user_not_found, already_cancelled, already_injected, appointment_not_found,
// vaccine_not_ready, context_down (`hospital` is stopped).
Verdict inject(Unit& unit, std::int64_t user);

// The user did not come. Refused as inject(), and
//   day_not_come                          before the day of the reservation
Verdict record_no_show(Unit& unit, std::int64_t user);

// The same for all who did not come on the days before today, the oldest first, at most so many of
// so many days at once; tells whether others are left. Does nothing while `hospital` is stopped.
inline constexpr std::size_t no_shows_at_once = 100;
inline constexpr std::int32_t days_at_once = 100;
Verdict close_days(Unit& unit, bool& more);

// Puts the first delivery of each type on its shelf, once; it waits while the warehouse is stopped.
// With a count of 0 nothing happens.
Verdict fill_stock(Unit& unit, const std::vector<std::string>& types, std::int64_t count);

}  // namespace yeyak::vaccination
