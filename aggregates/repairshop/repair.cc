#include "aggregates/repairshop/repair.h"

#include "kernel/match.h"

namespace yeyak::repairshop {
namespace {

// The end that the repair has already had is no news; any other is refused.
Decision<RepairEvent, RepairRejection> closed_before(const Closed& s, bool same) {
    using enum RepairRejection;
    if (same) return Repair::unchanged();
    if (s.how == RepairStat::repaired) return Repair::refuse(repair_completed);
    return Repair::refuse(s.how == RepairStat::repair_rejected ? repair_rejected
                                                               : repair_cancelled);
}

}  // namespace

Decision<RepairEvent, RepairRejection> Repair::decide(const State& state, const Command& command) {
    return match(state, command)(
        [](const NoRepair&, const RegisterRepair& c) {
            return accept(RepairReceived{c.id, c.id, c.vehi_no});
        },
        [](const NoRepair&, const auto&) { return refuse(Rejection::repair_not_found); },

        [](const Open&, const RegisterRepair&) { return unchanged(); },
        [](const Open&, const AcceptRepair&) { return unchanged(); },
        [](const Open&, const CompleteRepair& c) {
            return accept(RepairCompleted{c.id, c.repair_amt});
        },
        [](const Open&, const RejectRepair& c) { return accept(RepairRejected{c.id}); },
        [](const Open&, const CancelRepair& c) { return accept(RepairCancelled{c.id}); },

        [](const Closed&, const RegisterRepair&) { return unchanged(); },
        [](const Closed& s, const AcceptRepair&) { return closed_before(s, false); },
        [](const Closed& s, const CompleteRepair& c) {
            return closed_before(s, s.how == RepairStat::repaired && s.repair_amt == c.repair_amt);
        },
        [](const Closed& s, const RejectRepair&) {
            return closed_before(s, s.how == RepairStat::repair_rejected);
        },
        [](const Closed& s, const CancelRepair&) {
            return closed_before(s, s.how == RepairStat::repair_cancelled);
        });
}

RepairState Repair::evolve(const State&, const Event& event) {
    return match<State>(event)(
        [](const RepairReceived&) { return Open{}; },
        [](const RepairCompleted& e) { return Closed{RepairStat::repaired, e.repair_amt}; },
        [](const RepairRejected&) { return Closed{RepairStat::repair_rejected, {}}; },
        [](const RepairCancelled&) { return Closed{RepairStat::repair_cancelled, {}}; });
}

}  // namespace yeyak::repairshop
