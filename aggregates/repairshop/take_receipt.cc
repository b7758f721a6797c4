#include "aggregates/repairshop/take_receipt.h"

namespace yeyak::repairshop {

Verdict take_receipt(Unit& unit, Intake intake, std::string vehi_no) {
    if (!unit.is_up(ReceiptContract::context(""))) return Verdict::context_down();
    const auto id = static_cast<std::int64_t>(unit.next_number("repairshop.receipts"));
    if (intake == Intake::import)
        return unit.execute<ReceiptContract>(std::to_string(id),
                                             ImportReceipt{id, std::move(vehi_no)});
    return unit.execute<ReceiptContract>(std::to_string(id),
                                         RegisterReceipt{id, std::move(vehi_no)});
}

}  // namespace yeyak::repairshop
