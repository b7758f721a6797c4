#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {

System phoneshop_system() {
    return {.name = "phoneshop", .categories = {}, .sagas = {}, .orders = {}};
}

}  // namespace yeyak::tools
