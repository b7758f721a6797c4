// What the auditor knows of the library.
#pragma once
#include "replay-tools/audit/systems/systems.h"

namespace yeyak::tools {

AuditedSystem library_system();

}  // namespace yeyak::tools
