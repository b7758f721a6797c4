// What the auditor knows of the phone shop.
#pragma once
#include "replay-tools/audit/systems/systems.h"

namespace yeyak::tools {

AuditedSystem phoneshop_system();

}  // namespace yeyak::tools
