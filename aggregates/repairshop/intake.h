// One receipt. Its parts go their own ways; the status is the furthest of them:
//
//   repair    REPAIRREQUEST ─▶ REPAIRRECEIVED ─▶ REPAIRED | REPAIRREJECTED | CANCELLED
//   cancel    CANCELREQUESTED, until the repair is over
//   payment   (nothing) ─▶ PAYMENTREQUESTED ─▶ PAID        failed: as before, try again
//   delivery  (nothing) ─▶ DELIVERYREQUESTED ─▶ DELIVERYSTARTED
//
// Payment needs a completed repair, always. A delivery may be requested from any state that is not
// cancelled or rejected, unless payment is required (domain, decision 8).
#pragma once
#include "aggregates/repairshop/delivery_contract.h"
#include "aggregates/repairshop/intake_contract.h"
#include "kernel/decider.h"
#include "kernel/sealed.h"

namespace yeyak::repairshop {

enum class PaymentStat { none, requested, paid };

struct NoIntake {};
struct Taken {
    Sealed vehi_no;
    RepairStat repair = RepairStat::repair_requested;
    bool cancelling = false;
    std::optional<Won> repair_amt;
    PaymentStat payment = PaymentStat::none;
    std::int64_t attempt = 0;
    std::optional<Won> pay_amt;
    DeliveryStat delivery = DeliveryStat::none;
};
using IntakeState = std::variant<NoIntake, Taken>;

IntakeStat stat_of(const Taken& receipt);

enum class IntakeRejection {
    receipt_not_found,
    receipt_exists,
    receipt_cancelled,
    receipt_rejected,
    receipt_paid,
    receipt_not_paid,
    repair_not_completed,
    pay_amount_differs,
    cancel_too_late
};
BOOST_DESCRIBE_ENUM(IntakeRejection, receipt_not_found, receipt_exists, receipt_cancelled,
                    receipt_rejected, receipt_paid, receipt_not_paid, repair_not_completed,
                    pay_amount_differs, cancel_too_late)

struct Intake : IntakeContract, Answers<IntakeEvent, IntakeRejection> {
    using State = IntakeState;
    using Command = IntakeCommand;
    using Event = IntakeEvent;
    using Rejection = IntakeRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<Intake>);

}  // namespace yeyak::repairshop
