#include "aggregates/vaccination/stock.h"

#include "aggregates/vaccination/numbers.h"
#include "kernel/match.h"

namespace yeyak::vaccination {

Decision<StockEvent, StockRejection> Stock::decide(const State& state, const Command& command) {
    return match(state, command)(
        [](const Shelf& s, const ReceiveStock& c) {
            if (contains(s.deliveries, c.delivery_id)) return unchanged();
            return accept(
                StockReceived{c.vaccine_type, c.delivery_id, c.count, s.available + c.count});
        },
        [](const Shelf& s, const ReserveDose& c) {
            if (contains(s.held, c.reservation_id) || contains(s.ended, c.reservation_id))
                return unchanged();
            if (s.available == 0) return accept(DoseRefused{c.vaccine_type, c.reservation_id});
            return accept(DoseReserved{c.vaccine_type, c.reservation_id, s.available - 1});
        },
        [](const Shelf& s, const ReleaseDose& c) {
            if (contains(s.ended, c.reservation_id)) return unchanged();
            if (!contains(s.held, c.reservation_id))
                return accept(DoseRefused{c.vaccine_type, c.reservation_id});
            return accept(DoseReleased{c.vaccine_type, c.reservation_id, s.available + 1});
        },
        [](const Shelf& s, const ConsumeDose& c) {
            if (contains(s.held, c.reservation_id))
                return accept(DoseConsumed{c.vaccine_type, c.reservation_id});
            return contains(s.ended, c.reservation_id) ? unchanged()
                                                       : refuse(Rejection::dose_not_held);
        });
}

StockState Stock::evolve(const State& state, const Event& event) {
    Shelf next = std::get<Shelf>(state);
    const auto end = [&](std::int64_t reservation) {
        erase(next.held, reservation);
        insert(next.ended, reservation);
    };
    match(event)(
        [&](const StockReceived& e) {
            insert(next.deliveries, e.delivery_id);
            next.available = e.available;
        },
        [&](const DoseReserved& e) {
            insert(next.held, e.reservation_id);
            next.available = e.available;
        },
        [&](const DoseRefused& e) { end(e.reservation_id); },
        [&](const DoseReleased& e) {
            end(e.reservation_id);
            next.available = e.available;
        },
        [&](const DoseConsumed& e) { end(e.reservation_id); });
    return next;
}

}  // namespace yeyak::vaccination
