#include "replay-tools/audit/systems/market.h"

#include <fmt/format.h>

#include <map>

#include "aggregates/market/purchase.h"
#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {
namespace {

using namespace market;
using eventstore::category_of;
using eventstore::RecordedEvent;

// What is owed for an attempt to pay follows from the purchase: it is live once it is completed.
std::optional<OrderNews> market_news(const RecordedEvent& step) {
    using State = OrderNews::State;
    const auto state = decode_saga_state<PurchaseState>(step.data.payload);
    if (!state) return std::nullopt;
    if (const auto* s = std::get_if<Paying>(&*state))
        return OrderNews{name_of({s->bill.id, s->payment.attempt}), State::open,
                         s->bill.price.amount};
    if (const auto* s = std::get_if<Completed>(&*state))
        return OrderNews{name_of({s->id, s->attempt}), State::live, {}};
    if (const auto* s = std::get_if<Refunding>(&*state))
        return OrderNews{name_of({s->id, s->attempt}), State::cancelled, {}};
    return std::nullopt;
}

template <class Contract>
std::optional<typename Contract::Event> event_of(const RecordedEvent& recorded) {
    if (category_of(recorded.stream) != Contract::category) return std::nullopt;
    auto event = decode_event<typename Contract::Event>(recorded.data.type, recorded.data.payload);
    if (!event) return std::nullopt;  // found by "events decode"
    return *std::move(event);
}

// At every position a product is held by one reservation at most, and what it says of itself is
// said by that one.
class OneReservation final : public Check {
  public:
    OneReservation() : Check("one reservation for a product") {}
    void observe(const std::vector<LogRecord>& records) override {
        for (const auto& record : records) {
            if (!record.event) continue;
            if (const auto e = event_of<ReservationContract>(*record.event)) look(record, *e);
            if (const auto e = event_of<ProductContract>(*record.event)) look(record, *e);
        }
    }

  private:
    struct Held {
        std::int64_t by_reservation = 0;  // that is active
        std::int64_t in_product = 0;      // as the product has it
    };

    void look(const LogRecord& record, const ReservationEvent& event) {
        if (const auto* e = std::get_if<Reserved>(&event)) {
            counted();
            auto& held = held_[e->product_id];
            if (held.by_reservation != 0)
                fail(at(*record.event, fmt::format("product {} reserved again", e->product_id),
                        fmt::format("only reservation {} holds it", held.by_reservation)));
            else if (held.in_product != e->id)
                fail(at(*record.event,
                        fmt::format("product {} is held for {}", e->product_id, held.in_product),
                        fmt::format("it is held for {}", e->id)));
            held.by_reservation = e->id;
        } else if (const auto* cancelled = std::get_if<ReservationCancelled>(&event)) {
            auto& held = held_[cancelled->product_id];
            if (held.by_reservation == cancelled->id) held.by_reservation = 0;
        }
    }
    void look(const LogRecord& record, const ProductEvent& event) {
        if (const auto* e = std::get_if<ProductReserved>(&event)) {
            auto& held = held_[e->id];
            if (held.in_product != 0)
                fail(at(*record.event, fmt::format("held for {} as well", e->reservation_id),
                        fmt::format("held for {} only", held.in_product)));
            held.in_product = e->reservation_id;
        } else if (const auto* sold = std::get_if<ProductSold>(&event)) {
            if (held_[sold->id].in_product != sold->reservation_id)
                fail(at(*record.event, fmt::format("sold to {}", sold->reservation_id),
                        "sold to the reservation that holds it"));
        } else if (const auto* released = std::get_if<ProductReleased>(&event)) {
            auto& held = held_[released->id];
            if (held.by_reservation == held.in_product)
                fail(at(*record.event,
                        fmt::format("released while reservation {} is active", held.in_product),
                        "released when its reservation is cancelled"));
            held.in_product = 0;
        }
    }

    std::map<std::int64_t, Held> held_;
};

}  // namespace

AuditedSystem market_system() {
    return {.name = "market",
            .categories = {category<ProductContract>(), category<ReservationContract>(),
                           category<BillContract>()},
            .sagas = {saga<Purchase>()},
            .orders = {{Purchase::category, market_news}},
            .invariants = {[]() -> CheckPtr { return std::make_unique<OneReservation>(); }}};
}

}  // namespace yeyak::tools
