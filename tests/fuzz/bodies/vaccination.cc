#include "api/systems/vaccination/body.h"
#include "tests/fuzz/bodies/bodies.h"

namespace yeyak::fuzz {

using namespace api;

const BodiesOf<DateBody, ReserveBody, CancelBody, InjectBody> vaccination;

}  // namespace yeyak::fuzz
