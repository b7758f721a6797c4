#include "replay-tools/audit/systems/library.h"

#include "aggregates/library/contract.h"
#include "kernel/order_name.h"
#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {
namespace {

using namespace library;

// An attempt to pay a fine is an order: its price is kept once it succeeds, and nothing otherwise.
std::optional<OrderNews> news_of_fines(const eventstore::RecordedEvent& recorded) {
    using State = OrderNews::State;
    const auto event = decode_event<LoanEvent>(recorded.data.type, recorded.data.payload);
    if (!event) return std::nullopt;  // found by "events decode"
    if (const auto* e = std::get_if<FinePaymentBegun>(&*event))
        return OrderNews{order_name("library", {e->id, e->attempt}), State::open, e->fine.amount};
    if (const auto* e = std::get_if<FineSettled>(&*event))
        return OrderNews{order_name("library", {e->id, e->attempt}),
                         e->paid ? State::live : State::cancelled,
                         {}};
    return std::nullopt;
}

}  // namespace

AuditedSystem library_system() {
    return {.name = "library",
            .categories = {category<LoanContract>()},
            .sagas = {},
            .orders = {{LoanContract::category, news_of_fines}}};
}

}  // namespace yeyak::tools
