#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {

System market_system() { return {.name = "market", .categories = {}, .sagas = {}, .orders = {}}; }

}  // namespace yeyak::tools
