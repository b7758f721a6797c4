// The laws (laws.h) for receipts, repairs and deliveries, and what none of them ever does.
#include "aggregates/repairshop/delivery.h"
#include "aggregates/repairshop/intake.h"
#include "aggregates/repairshop/repair.h"
#include "kernel/match.h"
#include "tests/aggregates/laws.h"
#include "tests/aggregates/repairshop_samples.h"

namespace yeyak::tests::car {
namespace {

const std::vector<IntakeCommand> receipt_commands = [] {
    std::vector<IntakeCommand> all{RegisterIntake{17, plate},
                                   RegisterIntake{17, sealed("4567")},
                                   ImportIntake{17, plate},
                                   RequestRepairCancel{17},
                                   RequestPayment{17, amount},
                                   RequestPayment{17, Won{1}},
                                   RequestDelivery{17, false},
                                   RequestDelivery{17, true},
                                   FollowRepair{17, RepairStat::repair_received, {}},
                                   FollowRepair{17, RepairStat::repaired, amount},
                                   FollowRepair{17, RepairStat::repair_rejected, {}},
                                   FollowRepair{17, RepairStat::repair_cancelled, {}},
                                   FollowDelivery{17}};
    for (std::int64_t attempt = 1; attempt <= 3; ++attempt) {
        all.push_back(RecordPayment{17, attempt, "A-1"});
        all.push_back(FailPayment{17, attempt});
    }
    return all;
}();
const std::vector<RepairCommand> repair_commands{
    RegisterRepair{17, plate},  AcceptRepair{17}, CompleteRepair{17, amount},
    CompleteRepair{17, Won{1}}, RejectRepair{17}, CancelRepair{17}};
const std::vector<DeliveryCommand> delivery_commands{StartDelivery{17, plate},
                                                     StartDelivery{17, sealed("4567")}};

RC_GTEST_PROP(RepairshopIntakeLaws, hold_for_every_history, ()) {
    bool imported = false;
    const auto history = live<Intake>(
        receipt_commands, [&](const auto& before, const auto& after, const auto& event) {
            const auto& now = std::get<Taken>(after);
            const auto* was = std::get_if<Taken>(&before);
            if (std::holds_alternative<IntakeImported>(event)) imported = true;
            match(event)([&](const auto& e) { RC_ASSERT((e.stat == stat_of(now) || imported)); });
            if (std::holds_alternative<PaymentRequested>(event))
                RC_ASSERT(was->repair == RepairStat::repaired);
            if (std::holds_alternative<IntakePaid>(event))
                RC_ASSERT(was->payment == PaymentStat::requested);
            if (was && is_over(was->repair)) RC_ASSERT(now.repair == was->repair);
            if (now.cancelling) RC_ASSERT(!is_over(now.repair));
        });
    RC_ASSERT(count<Received>(history) + count<IntakeImported>(history) <= 1);
    RC_ASSERT(count<IntakePaid>(history) <= 1);
    RC_ASSERT(count<DeliveryRequested>(history) <= 1);
    RC_ASSERT(count<IntakeFollowedDelivery>(history) <= 1);
    RC_ASSERT(count<RepairCancelRequested>(history) <= 1);
    const auto failed = count<IntakePaymentFailed>(history);
    RC_ASSERT(count<PaymentRequested>(history) <= failed + 1);
}

RC_GTEST_PROP(RepairLaws, hold_for_every_history, ()) {
    const auto history =
        live<Repair>(repair_commands, [](const auto& before, const auto&, const auto&) {
            RC_ASSERT(!std::holds_alternative<Closed>(before));
        });
    RC_ASSERT(history.size() <= 2u);
}

RC_GTEST_PROP(CarDeliveryLaws, hold_for_every_history, ()) {
    const auto history =
        live<CarDelivery>(delivery_commands, [](const auto&, const auto&, const auto&) {});
    RC_ASSERT(history.size() <= 1u);
}

RC_GTEST_PROP(RepairshopEvolve, is_total, ()) {
    total<Intake>({received(), imported(), accepted(), repaired(), rejected(), cancelled(),
                   cancel_requested(), payment_requested(), paid(), not_paid(),
                   delivery_requested(), delivered()});
    total<Repair>({RepairReceived{17, 17, plate}, RepairCompleted{17, amount}, RepairRejected{17},
                   RepairCancelled{17}});
    total<CarDelivery>({DeliveryStarted{17, 17, plate}});
}

}  // namespace
}  // namespace yeyak::tests::car
