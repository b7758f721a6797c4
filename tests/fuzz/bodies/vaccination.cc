#include "api/systems/vaccination/body.h"
#include "tests/fuzz/bodies/bodies.h"

namespace yeyak::fuzz {

using namespace api;

const Bodies vaccination{date_body, reserve_body, cancel_body, hospital_body};

}  // namespace yeyak::fuzz
