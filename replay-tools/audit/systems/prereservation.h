// What the auditor knows of smartphone pre-reservation.
#pragma once
#include "replay-tools/audit/systems/systems.h"

namespace yeyak::tools {

AuditedSystem prereservation_system();

}  // namespace yeyak::tools
