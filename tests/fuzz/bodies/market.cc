#include "api/systems/market/body.h"
#include "tests/fuzz/bodies/bodies.h"

namespace yeyak::fuzz {

using namespace api;

const Bodies market{market_product_body, market_product_update_body, market_reservation_body,
                    market_reservation_update_body, market_paid_body};

}  // namespace yeyak::fuzz
