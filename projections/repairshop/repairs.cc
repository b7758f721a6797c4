#include "projections/repairshop/repairs.h"

#include "aggregates/repairshop/intake_contract.h"
#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::RepairRow)
}

namespace yeyak::projections {
namespace {

using namespace repairshop;

void become(RepairRow& row, RepairStat stat, Instant at) {
    row.stat = wire_text(stat);
    row.modified_at = at;
}

}  // namespace

void Repairs::apply(Row& row, const RepairReceived& e, Instant at) {
    row.id = e.id;
    row.receipt_id = e.receipt_id;
    row.vehi_no = e.vehi_no.text();
    row.created_at = at;
    become(row, RepairStat::repair_received, at);
}
void Repairs::apply(Row& row, const RepairCompleted& e, Instant at) {
    row.repair_amt = e.repair_amt;
    become(row, RepairStat::repaired, at);
}
void Repairs::apply(Row& row, const RepairRejected&, Instant at) {
    become(row, RepairStat::repair_rejected, at);
}
void Repairs::apply(Row& row, const RepairCancelled&, Instant at) {
    become(row, RepairStat::repair_cancelled, at);
}

}  // namespace yeyak::projections
