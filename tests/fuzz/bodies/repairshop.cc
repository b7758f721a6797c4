#include "api/systems/repairshop/body.h"
#include "tests/fuzz/bodies/bodies.h"

namespace yeyak::fuzz {

using namespace api;

const Bodies repairshop{intake_body, intake_change_body, repair_change_body};

}  // namespace yeyak::fuzz
