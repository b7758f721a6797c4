#include "api/systems/library/body.h"
#include "tests/fuzz/bodies/bodies.h"

namespace yeyak::fuzz {

using namespace api;

const Bodies library{loan_body, fine_payment_body};

}  // namespace yeyak::fuzz
