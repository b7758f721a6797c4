#include "projections/repairshop/deliveries.h"

#include "aggregates/repairshop/intake_contract.h"
#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::DeliveryRow)
}

namespace yeyak::projections {

void Deliveries::apply(Row& row, const repairshop::DeliveryStarted& e, Instant at) {
    row.id = e.id;
    row.stat = repairshop::wire_text(repairshop::DeliveryStat::delivery_started);
    row.receipt_id = e.receipt_id;
    row.vehi_no = e.vehi_no.text();
    row.created_at = at;
}

}  // namespace yeyak::projections
