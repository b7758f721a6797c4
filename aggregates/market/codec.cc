#include "aggregates/engine/saga_step_impl.h"
#include "aggregates/market/purchase.h"
#include "kernel/json_impl.h"

namespace yeyak {

using namespace market;

YEYAK_INSTANTIATE_VARIANT_CODEC(ProductEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(ProductCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(ReservationEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(ReservationCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(BillEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(BillCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(PurchaseState)
YEYAK_INSTANTIATE_VARIANT_CODEC(PurchaseTimeout)
template std::string encode_saga_step<PurchaseState>(const SagaStepRecord&, const PurchaseState&);
template std::expected<PurchaseState, JsonError> decode_saga_state<PurchaseState>(std::string_view);

}  // namespace yeyak
