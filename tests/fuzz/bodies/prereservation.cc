#include "api/systems/prereservation/body.h"
#include "tests/fuzz/bodies/bodies.h"

namespace yeyak::fuzz {

using namespace api;

const Bodies prereservation{pre_reservation_body};

}  // namespace yeyak::fuzz
