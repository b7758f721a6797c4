#include "replay-tools/audit/systems/repairshop.h"

#include <fmt/format.h>

#include <map>

#include "aggregates/repairshop/delivery_contract.h"
#include "aggregates/repairshop/intake_contract.h"
#include "aggregates/repairshop/repair_contract.h"
#include "aggregates/repairshop/visit.h"
#include "kernel/match.h"
#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {
namespace {

// Every attempt to pay is an order of its own: what fails keeps nothing.
std::optional<OrderNews> repairshop_news(const eventstore::RecordedEvent& recorded) {
    using namespace repairshop;
    using State = OrderNews::State;
    const auto event = decode_event<IntakeEvent>(recorded.data.type, recorded.data.payload);
    if (!event) return std::nullopt;
    if (const auto* e = std::get_if<PaymentRequested>(&*event))
        return OrderNews{name_of({e->id, e->attempt}), State::open, e->pay_amt.amount};
    if (const auto* e = std::get_if<IntakePaid>(&*event))
        return OrderNews{name_of({e->id, e->attempt}), State::live, {}};
    if (const auto* e = std::get_if<IntakePaymentFailed>(&*event))
        return OrderNews{name_of({e->id, e->attempt}), State::cancelled, {}};
    return std::nullopt;
}

// Paid means repaired before; one delivery at most; a receipt that was rejected or cancelled has no
// payment. Whether payment must come before delivery is a setting and not in the log.
class Intakes final : public Check {
  public:
    Intakes() : Check("receipts of the repair shop") {}
    void observe(const std::vector<LogRecord>& records) override {
        using namespace repairshop;
        for (const auto& record : records) {
            if (!record.event) continue;
            look<IntakeContract>(*record.event);
            look<RepairContract>(*record.event);
            look<DeliveryContract>(*record.event);
        }
    }

  private:
    struct Intake {
        bool repaired = false;
        bool over = false;  // rejected or cancelled
        std::uint32_t payments = 0;
        std::uint32_t deliveries = 0;
    };

    // What cannot be read is found by "events decode".
    template <class Contract>
    void look(const eventstore::RecordedEvent& recorded) {
        using namespace repairshop;
        if (eventstore::category_of(recorded.stream) != Contract::category) return;
        const auto event =
            decode_event<typename Contract::Event>(recorded.data.type, recorded.data.payload);
        if (!event) return;
        const auto number = match(*event)([](const auto& e) { return e.id; });
        auto& receipt = receipts_[number];
        match (*event)([&](const Received&) { counted(); },
                       [&](const IntakeImported&) { counted(); },
                       [&](const PaymentRequested&) { ++receipt.payments; },
                       [&](const RepairCompleted&) { receipt.repaired = true; },
                       [&](const RepairRejected&) { receipt.over = true; },
                       [&](const RepairCancelled&) { receipt.over = true; },
                       [&](const DeliveryStarted&) { ++receipt.deliveries; }, [](const auto&) {});
        if (receipt.payments > 0 && !receipt.repaired)
            fail(at(recorded, "a payment is requested", "a repair that is completed before"));
        if (receipt.payments > 0 && receipt.over)
            fail(at(recorded, "a payment is requested", "none: the repair came to nothing"));
        if (receipt.deliveries > 1)
            fail(at(recorded, fmt::format("delivery number {}", receipt.deliveries),
                    "one delivery at most"));
    }

    std::map<std::int64_t, Intake> receipts_;
};

}  // namespace

AuditedSystem repairshop_system() {
    using namespace repairshop;
    return {.name = "repairshop",
            .categories = {category<IntakeContract>(), category<RepairContract>(),
                           category<DeliveryContract>()},
            .sagas = {saga<Visit>({Waiting::type})},
            .orders = {{IntakeContract::category, repairshop_news}},
            .invariants = {[]() -> CheckPtr { return std::make_unique<Intakes>(); }}};
}

}  // namespace yeyak::tools
