#include "replay-tools/audit/systems.h"

#include "aggregates/engine/saga_step.h"
#include "aggregates/kernel/events.h"
#include "aggregates/payment/contract.h"
#include "aggregates/prereservation/checkout.h"
#include "aggregates/prereservation/receipt_contract.h"
#include "aggregates/prereservation/reservation_contract.h"

namespace yeyak::tools {
namespace {

template <class Contract>
AuditedCategory category() {
    return {Contract::category,
            [](std::string_view type, std::string_view payload) -> std::expected<void, JsonError> {
                auto event = decode_event<typename Contract::Event>(type, payload);
                if (!event) return std::unexpected(std::move(event).error());
                return {};
            }};
}

template <class Saga>
AuditedSaga saga(std::vector<std::string_view> patient = {}) {
    return {Saga::category,
            [](std::string_view type, std::string_view payload) -> std::expected<void, JsonError> {
                if (type != Saga::type)
                    return std::unexpected(
                        JsonError{"unknown_event", "", "no step of this saga is named so"});
                auto record = from_json<SagaStepRecord>(payload);
                if (!record) return std::unexpected(std::move(record).error());
                auto state = decode_saga_state<typename Saga::State>(payload);
                if (!state) return std::unexpected(std::move(state).error());
                return {};
            },
            std::move(patient)};
}

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

System payment_system() {
    return {.name = "payment",
            .categories = {category<payment::Contract>()},
            .sagas = {},
            .orders = {}};
}

System prereservation_system() {
    using namespace prereservation;
    return {.name = "prereservation",
            .categories = {category<ReservationContract>(), category<ReceiptContract>()},
            .sagas = {saga<Checkout>()},
            .orders = {{ReservationContract::category, prereservation_news}}};
}

}  // namespace

const std::vector<System>& all_systems() {
    static const std::vector<System> systems{payment_system(), prereservation_system()};
    return systems;
}

}  // namespace yeyak::tools
