// What the auditor knows of vaccination.
#pragma once
#include "replay-tools/audit/systems/systems.h"

namespace yeyak::tools {

AuditedSystem vaccination_system();

}  // namespace yeyak::tools
