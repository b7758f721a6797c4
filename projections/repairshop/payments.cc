#include "projections/repairshop/payments.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::RepairshopPaymentRow)
}

namespace yeyak::projections {

using namespace repairshop;

void RepairshopPayments::apply(Row& row, const PaymentRequested& e, Instant at) {
    row.id = e.id;
    row.receipt_id = e.id;
    row.pay_amt = e.pay_amt;
    row.stat = wire_text(IntakeStat::payment_requested);
    row.attempt = e.attempt;
    if (!row.created_at) row.created_at = at;
    row.modified_at = at;
}
void RepairshopPayments::apply(Row& row, const IntakePaid& e, Instant at) {
    row.stat = wire_text(IntakeStat::paid);
    row.approval_no = e.approval_no;
    row.modified_at = at;
}
void RepairshopPayments::apply(Row& row, const IntakePaymentFailed& e, Instant at) {
    row.stat = wire_text(e.reason);
    row.modified_at = at;
}

}  // namespace yeyak::projections
