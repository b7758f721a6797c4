#include "aggregates/phoneshop/system.h"

namespace yeyak::phoneshop {

void install(Engine&) {}

}  // namespace yeyak::phoneshop
