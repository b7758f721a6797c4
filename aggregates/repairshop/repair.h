// One repair:  (nothing) ─▶ Open ─▶ Closed: completed, rejected or cancelled, for ever.
#pragma once
#include "aggregates/repairshop/repair_contract.h"
#include "kernel/decider.h"

namespace yeyak::repairshop {

struct NoRepair {};
struct Open {};
struct Closed {
    RepairStat how = RepairStat::repaired;
    Won repair_amt;
};
using RepairState = std::variant<NoRepair, Open, Closed>;

enum class RepairRejection {
    repair_not_found,
    repair_completed,
    repair_rejected,
    repair_cancelled
};
BOOST_DESCRIBE_ENUM(RepairRejection, repair_not_found, repair_completed, repair_rejected,
                    repair_cancelled)

struct Repair : RepairContract, Answers<RepairEvent, RepairRejection> {
    using State = RepairState;
    using Command = RepairCommand;
    using Event = RepairEvent;
    using Rejection = RepairRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<Repair>);

}  // namespace yeyak::repairshop
