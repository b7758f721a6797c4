#include "aggregates/engine/saga_step_impl.h"
#include "aggregates/prereservation/checkout.h"
#include "aggregates/prereservation/receipt_contract.h"
#include "aggregates/prereservation/reservation_contract.h"
#include "kernel/json_impl.h"

namespace yeyak {

using namespace prereservation;

YEYAK_INSTANTIATE_VARIANT_CODEC(ReservationEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(ReservationCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(ReceiptEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(ReceiptCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(CheckoutState)
template std::string encode_saga_step<CheckoutState>(const SagaStepRecord&, const CheckoutState&);
template std::expected<CheckoutState, JsonError> decode_saga_state<CheckoutState>(std::string_view);

}  // namespace yeyak
