// Takes a car in: gives its receipt a number and registers or imports it.
#pragma once
#include "aggregates/engine/unit.h"
#include "aggregates/repairshop/receipt_contract.h"

namespace yeyak::repairshop {

enum class Intake {
    repair,  // a repair is requested
    import   // repaired and paid elsewhere, to be delivered
};

// Refused with context_down while the reception is stopped; a refusal leaves nothing behind.
Verdict take_receipt(Unit& unit, Intake intake, std::string vehi_no);

}  // namespace yeyak::repairshop
