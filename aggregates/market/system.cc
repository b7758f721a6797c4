#include "aggregates/market/system.h"

namespace yeyak::market {

void install(Engine&) {}

}  // namespace yeyak::market
