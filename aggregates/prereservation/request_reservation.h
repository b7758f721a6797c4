// Takes a wish for a phone: gives it a number and lets the reservation decide. The one rule here
// that is wider than a stream is how many reservations of one product a user may have; it is
// counted in the same unit, so it holds under any concurrency.
#pragma once
#include "aggregates/engine/unit.h"
#include "aggregates/prereservation/reservation_contract.h"

namespace yeyak::prereservation {

// `limit` is the most live reservations per user and product, 0 for no limit; only those made while
// a limit is set are counted. Refused with reservation_limit_reached, or context_down while the
// desk is stopped; a refusal leaves nothing behind. The id of `reservation` is filled in here.
Verdict request_reservation(Unit& unit, ReservationRequested reservation, std::int64_t limit);

}  // namespace yeyak::prereservation
