#include "projections/repairshop/displays.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::DisplayRow)
}

namespace yeyak::projections {
namespace {

using namespace repairshop;
using Row = DisplayRow;

void touch(Row& row, std::int64_t id, Instant at) {
    row.id = id;
    row.receipt_id = id;
    if (!row.modified_at || *row.modified_at < at) row.modified_at = at;
}

template <class E>
void receipt(Row& row, const E& e, Instant at) {
    touch(row, e.id, at);
    row.receipt_stat = wire_text(e.stat);
}

template <class E>
void repair(Row& row, const E& e, RepairStat stat, Instant at) {
    touch(row, e.id, at);
    row.repair_stat = wire_text(stat);
}

// What is only asked for does not take back what has been heard of it.
void expect(std::optional<std::string>& part, std::string stat) {
    if (!part) part = std::move(stat);
}

}  // namespace

void Displays::apply(Row& row, const Received& e, Instant at) {
    receipt(row, e, at);
    row.vehi_no = e.vehi_no.text();
    row.created_at = at;
    expect(row.repair_stat, wire_text(RepairStat::repair_requested));
}
void Displays::apply(Row& row, const IntakeImported& e, Instant at) {
    receipt(row, e, at);
    row.vehi_no = e.vehi_no.text();
    row.created_at = at;
}
void Displays::apply(Row& row, const IntakeFollowedRepair& e, Instant at) { receipt(row, e, at); }
void Displays::apply(Row& row, const RepairCancelRequested& e, Instant at) { receipt(row, e, at); }
void Displays::apply(Row& row, const PaymentRequested& e, Instant at) {
    receipt(row, e, at);
    row.pay_stat = wire_text(IntakeStat::payment_requested);
    row.pay_amt = e.pay_amt;
}
void Displays::apply(Row& row, const IntakePaid& e, Instant at) {
    receipt(row, e, at);
    row.pay_stat = wire_text(IntakeStat::paid);
}
void Displays::apply(Row& row, const IntakePaymentFailed& e, Instant at) {
    receipt(row, e, at);
    row.pay_stat = wire_text(e.reason);
    row.pay_amt.reset();
}
void Displays::apply(Row& row, const DeliveryRequested& e, Instant at) {
    receipt(row, e, at);
    expect(row.delivery_stat, wire_text(DeliveryStat::delivery_requested));
}
void Displays::apply(Row& row, const IntakeFollowedDelivery& e, Instant at) { receipt(row, e, at); }

void Displays::apply(Row& row, const RepairReceived& e, Instant at) {
    repair(row, e, RepairStat::repair_received, at);
    row.vehi_no = e.vehi_no.text();
}
void Displays::apply(Row& row, const RepairCompleted& e, Instant at) {
    repair(row, e, RepairStat::repaired, at);
    row.repair_amt = e.repair_amt;
}
void Displays::apply(Row& row, const RepairRejected& e, Instant at) {
    repair(row, e, RepairStat::repair_rejected, at);
}
void Displays::apply(Row& row, const RepairCancelled& e, Instant at) {
    repair(row, e, RepairStat::repair_cancelled, at);
}

void Displays::apply(Row& row, const DeliveryStarted& e, Instant at) {
    touch(row, e.id, at);
    row.vehi_no = e.vehi_no.text();
    row.delivery_stat = wire_text(DeliveryStat::delivery_started);
}

std::vector<IndexValue> Displays::indexes(const Row& row) {
    return {{"receiptStat", row.receipt_stat.value_or("")}, {"vehiNo", row.vehi_no}};
}

}  // namespace yeyak::projections
