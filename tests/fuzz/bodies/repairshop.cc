#include "api/systems/repairshop/body.h"
#include "tests/fuzz/bodies/bodies.h"

namespace yeyak::fuzz {

using namespace api;

const BodiesOf<IntakeBody, IntakeChange, RepairChange> repairshop;

}  // namespace yeyak::fuzz
