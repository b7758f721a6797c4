#include "aggregates/engine/saga_step_impl.h"
#include "aggregates/repairshop/delivery_contract.h"
#include "aggregates/repairshop/intake_contract.h"
#include "aggregates/repairshop/repair_contract.h"
#include "aggregates/repairshop/visit.h"
#include "kernel/json_impl.h"

namespace yeyak {

using namespace repairshop;

YEYAK_INSTANTIATE_VARIANT_CODEC(IntakeEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(IntakeCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(RepairEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(RepairCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(DeliveryEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(DeliveryCommand)
YEYAK_INSTANTIATE_VARIANT_CODEC(VisitState)
template std::string encode_saga_step<VisitState>(const SagaStepRecord&, const VisitState&);
template std::expected<VisitState, JsonError> decode_saga_state<VisitState>(std::string_view);

}  // namespace yeyak
