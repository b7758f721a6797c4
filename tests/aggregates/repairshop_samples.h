// The values that the tests of the repair shop speak of: receipt 17 of a car, 3000 won.
#pragma once
#include "aggregates/repairshop/delivery_contract.h"
#include "aggregates/repairshop/intake_contract.h"
#include "aggregates/repairshop/repair_contract.h"
#include "tests/kept.h"

namespace yeyak::tests::car {

using namespace repairshop;

inline const Sealed plate = sealed("12가1234");
inline constexpr Won amount{3'000};

inline Received received() { return {17, plate}; }
inline IntakeImported imported() { return {17, plate}; }

// What the receipt hears of its repair, and the status that follows.
inline IntakeFollowedRepair followed(RepairStat repair, IntakeStat stat) {
    return {17, repair, repair == RepairStat::repaired ? std::optional{amount} : std::nullopt,
            stat};
}
inline IntakeFollowedRepair accepted() {
    return followed(RepairStat::repair_received, IntakeStat::repair_received);
}
inline IntakeFollowedRepair repaired() {
    return followed(RepairStat::repaired, IntakeStat::repaired);
}
inline IntakeFollowedRepair rejected() {
    return followed(RepairStat::repair_rejected, IntakeStat::repair_rejected);
}
inline IntakeFollowedRepair cancelled() {
    return followed(RepairStat::repair_cancelled, IntakeStat::cancelled);
}
inline RepairCancelRequested cancel_requested() { return {17}; }
inline PaymentRequested payment_requested(std::int64_t attempt = 1) {
    return {17, attempt, amount};
}
inline IntakePaid paid(std::int64_t attempt = 1) { return {17, attempt, amount, "A-1"}; }
inline IntakePaymentFailed not_paid(std::int64_t attempt = 1) { return {17, attempt}; }
inline DeliveryRequested delivery_requested() { return {17, plate}; }
inline IntakeFollowedDelivery delivered() { return {17}; }

}  // namespace yeyak::tests::car
