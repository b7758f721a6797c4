#include "api/systems/market/body.h"
#include "tests/fuzz/bodies/bodies.h"

namespace yeyak::fuzz {

using namespace api;

const BodiesOf<MarketProductBody, MarketProductUpdateBody, MarketReservationBody,
               MarketReservationUpdateBody, MarketPaidBody>
    market;

}  // namespace yeyak::fuzz
