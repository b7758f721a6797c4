#include "api/systems/prereservation/body.h"
#include "tests/fuzz/bodies/bodies.h"

namespace yeyak::fuzz {

using namespace api;

const BodiesOf<PreReservationBody> prereservation;

}  // namespace yeyak::fuzz
