#include "aggregates/repairshop/system.h"

namespace yeyak::repairshop {

void install(Engine&) {}

}  // namespace yeyak::repairshop
