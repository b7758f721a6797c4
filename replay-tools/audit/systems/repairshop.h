// What the auditor knows of the repair shop.
#pragma once
#include "replay-tools/audit/systems/systems.h"

namespace yeyak::tools {

AuditedSystem repairshop_system();

}  // namespace yeyak::tools
