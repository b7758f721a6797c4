#include "aggregates/repairshop/delivery_contract.h"
#include "aggregates/repairshop/receipt_contract.h"
#include "aggregates/repairshop/repair_contract.h"
#include "aggregates/repairshop/visit.h"
#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {
namespace {

// Every attempt to pay is an order of its own: what fails keeps nothing.
std::optional<OrderNews> repairshop_news(const eventstore::RecordedEvent& recorded) {
    using namespace repairshop;
    using State = OrderNews::State;
    const auto event = decode_event<ReceiptEvent>(recorded.data.type, recorded.data.payload);
    if (!event) return std::nullopt;
    if (const auto* e = std::get_if<PaymentRequested>(&*event))
        return OrderNews{name_of({e->id, e->attempt}), State::open, e->pay_amt.amount};
    if (const auto* e = std::get_if<ReceiptPaid>(&*event))
        return OrderNews{name_of({e->id, e->attempt}), State::live, {}};
    if (const auto* e = std::get_if<ReceiptPaymentFailed>(&*event))
        return OrderNews{name_of({e->id, e->attempt}), State::cancelled, {}};
    return std::nullopt;
}

}  // namespace

System repairshop_system() {
    using namespace repairshop;
    return {.name = "repairshop",
            .categories = {category<ReceiptContract>(), category<RepairContract>(),
                           category<DeliveryContract>()},
            .sagas = {saga<Visit>({Waiting::type})},
            .orders = {{ReceiptContract::category, repairshop_news}}};
}

}  // namespace yeyak::tools
