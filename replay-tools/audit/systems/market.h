// What the auditor knows of the market.
#pragma once
#include "replay-tools/audit/systems/systems.h"

namespace yeyak::tools {

AuditedSystem market_system();

}  // namespace yeyak::tools
