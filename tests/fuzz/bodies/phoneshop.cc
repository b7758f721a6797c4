#include "api/systems/phoneshop/body.h"
#include "tests/fuzz/bodies/bodies.h"

namespace yeyak::fuzz {

using namespace api;

const Bodies phoneshop{phone_order_body, store_manage_body};

}  // namespace yeyak::fuzz
