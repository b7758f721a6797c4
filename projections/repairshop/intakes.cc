#include "projections/repairshop/intakes.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::RepairshopIntakeRow)
}

namespace yeyak::projections {
namespace {

using namespace repairshop;
using Row = RepairshopIntakeRow;

template <class E>
void become(Row& row, const E& e, Instant at) {
    row.id = e.id;
    row.stat = wire_text(e.stat);
    row.modified_at = at;
}

template <class E>
void begin(Row& row, const E& e, Instant at) {
    become(row, e, at);
    row.vehi_no = e.vehi_no.text();
    row.created_at = at;
}

}  // namespace

void RepairshopIntakes::apply(Row& row, const Received& e, Instant at) { begin(row, e, at); }
void RepairshopIntakes::apply(Row& row, const IntakeImported& e, Instant at) { begin(row, e, at); }
void RepairshopIntakes::apply(Row& row, const IntakeFollowedRepair& e, Instant at) {
    become(row, e, at);
    row.reapir_amt = e.repair_amt;
    row.repair_amt = e.repair_amt;
}
void RepairshopIntakes::apply(Row& row, const RepairCancelRequested& e, Instant at) {
    become(row, e, at);
}
void RepairshopIntakes::apply(Row& row, const PaymentRequested& e, Instant at) {
    become(row, e, at);
    row.pay_amt = e.pay_amt;
}
void RepairshopIntakes::apply(Row& row, const IntakePaid& e, Instant at) { become(row, e, at); }
void RepairshopIntakes::apply(Row& row, const IntakePaymentFailed& e, Instant at) {
    become(row, e, at);
    row.pay_amt.reset();
}
void RepairshopIntakes::apply(Row& row, const DeliveryRequested& e, Instant at) {
    become(row, e, at);
}
void RepairshopIntakes::apply(Row& row, const IntakeFollowedDelivery& e, Instant at) {
    become(row, e, at);
}

}  // namespace yeyak::projections
