#include "api/systems/phoneshop/body.h"
#include "tests/fuzz/bodies/bodies.h"

namespace yeyak::fuzz {

using namespace api;

const BodiesOf<PhoneOrderBody, StoreManageBody> phoneshop;

}  // namespace yeyak::fuzz
