#include "aggregates/prereservation/checkout.h"
#include "aggregates/prereservation/receipt_contract.h"
#include "aggregates/prereservation/reservation_contract.h"
#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {
namespace {

std::optional<OrderNews> prereservation_news(const eventstore::RecordedEvent& recorded) {
    using namespace prereservation;
    using State = OrderNews::State;
    const auto event = decode_event<ReservationEvent>(recorded.data.type, recorded.data.payload);
    if (!event) return std::nullopt;
    if (const auto* e = std::get_if<ReservationRequested>(&*event))
        return OrderNews{order_of(e->id), State::open, e->price.amount};
    if (const auto* e = std::get_if<ReservationConfirmed>(&*event))
        return OrderNews{order_of(e->id), State::live, {}};
    return OrderNews{order_of(std::get<ReservationCancelled>(*event).id), State::cancelled, {}};
}

}  // namespace

System prereservation_system() {
    using namespace prereservation;
    return {.name = "prereservation",
            .categories = {category<ReservationContract>(), category<ReceiptContract>()},
            .sagas = {saga<Checkout>()},
            .orders = {{ReservationContract::category, prereservation_news}}};
}

}  // namespace yeyak::tools
