#include "aggregates/repairshop/take_in.h"

namespace yeyak::repairshop {

Verdict take_in(Unit& unit, IntakeKind intake, Sealed vehi_no) {
    if (!unit.is_up(IntakeContract::context(""))) return Verdict::context_down();
    const auto id = static_cast<std::int64_t>(unit.next_number("repairshop.receipts"));
    if (intake == IntakeKind::import)
        return unit.execute<IntakeContract>(std::to_string(id),
                                            ImportIntake{id, std::move(vehi_no)});
    return unit.execute<IntakeContract>(std::to_string(id), RegisterIntake{id, std::move(vehi_no)});
}

}  // namespace yeyak::repairshop
