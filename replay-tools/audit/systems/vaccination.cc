#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {

System vaccination_system() {
    return {.name = "vaccination", .categories = {}, .sagas = {}, .orders = {}};
}

}  // namespace yeyak::tools
