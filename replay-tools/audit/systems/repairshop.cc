#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {

System repairshop_system() {
    return {.name = "repairshop", .categories = {}, .sagas = {}, .orders = {}};
}

}  // namespace yeyak::tools
