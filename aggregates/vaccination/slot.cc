#include "aggregates/vaccination/slot.h"

#include "aggregates/vaccination/numbers.h"
#include "kernel/match.h"

namespace yeyak::vaccination {

Decision<SlotEvent, SlotRejection> Slot::decide(const State& state, const Command& command) {
    return match(state, command)(
        [](const Places& s, const TakePlace& c) {
            if (contains(s.taken, c.reservation_id)) return unchanged();
            if (contains(s.freed, c.reservation_id)) return refuse(Rejection::place_given_up);
            if (std::cmp_greater_equal(s.taken.size(), c.capacity))
                return refuse(Rejection::date_not_available);
            return accept(PlaceTaken{c.date, c.reservation_id, c.capacity});
        },
        [](const Places& s, const FreePlace& c) {
            if (contains(s.freed, c.reservation_id)) return unchanged();
            return accept(
                PlaceFreed{c.date, c.reservation_id, contains(s.taken, c.reservation_id)});
        });
}

SlotState Slot::evolve(const State& state, const Event& event) {
    Places next = std::get<Places>(state);
    match(event)([&](const PlaceTaken& e) { insert(next.taken, e.reservation_id); },
                 [&](const PlaceFreed& e) {
                     erase(next.taken, e.reservation_id);
                     insert(next.freed, e.reservation_id);
                 });
    return next;
}

}  // namespace yeyak::vaccination
