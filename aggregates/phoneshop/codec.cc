#include "aggregates/engine/saga_step_impl.h"
#include "aggregates/phoneshop/order_contract.h"
#include "aggregates/phoneshop/sale.h"
#include "aggregates/phoneshop/store_order_contract.h"
#include "kernel/json_impl.h"

namespace yeyak {

using namespace phoneshop;

YEYAK_INSTANTIATE_VARIANT_CODEC(OrderEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(OrderCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(StoreOrderEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(StoreOrderCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(SaleState)
template std::string encode_saga_step<SaleState>(const SagaStepRecord&, const SaleState&);
template std::expected<SaleState, JsonError> decode_saga_state<SaleState>(std::string_view);

}  // namespace yeyak
