// Takes a car in: gives its receipt a number and registers or imports it.
#pragma once
#include "aggregates/engine/unit.h"
#include "aggregates/repairshop/intake_contract.h"
#include "kernel/sealed.h"

namespace yeyak::repairshop {

enum class IntakeKind {
    repair,  // a repair is requested
    import   // repaired and paid elsewhere, to be delivered
};

// Refused with context_down while the reception is stopped; a refusal leaves nothing behind.
Verdict take_in(Unit& unit, IntakeKind intake, Sealed vehi_no);

}  // namespace yeyak::repairshop
