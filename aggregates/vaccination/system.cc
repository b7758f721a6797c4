#include "aggregates/vaccination/system.h"

namespace yeyak::vaccination {

void install(Engine&) {}

}  // namespace yeyak::vaccination
