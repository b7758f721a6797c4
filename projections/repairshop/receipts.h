// The receipts of the repair shop: GET /receipts. `reapirAmt` is how the founding document writes
// the amount of the repair; it stands beside `repairAmt` (CAR-X8).
#pragma once
#include "aggregates/repairshop/receipt_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct RepairshopReceiptRow {
    std::int64_t id = 0;
    std::string vehi_no;
    std::string stat;  // REPAIRREQUEST, …
    std::optional<Won> reapir_amt;
    std::optional<Won> repair_amt;
    std::optional<Won> pay_amt;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(RepairshopReceiptRow, (),
                      (id, vehi_no, stat, reapir_amt, repair_amt, pay_amt, created_at, modified_at))

struct RepairshopReceipts {
    static constexpr std::string_view name = "repairshop.receipts";
    static constexpr std::string_view context = "repairshop.receipt";
    static constexpr std::uint32_t version = 1;
    using Sources = Contracts<repairshop::ReceiptContract>;
    using Row = RepairshopReceiptRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const repairshop::Received& e, Instant at);
    static void apply(Row& row, const repairshop::ReceiptImported& e, Instant at);
    static void apply(Row& row, const repairshop::ReceiptFollowedRepair& e, Instant at);
    static void apply(Row& row, const repairshop::RepairCancelRequested& e, Instant at);
    static void apply(Row& row, const repairshop::PaymentRequested& e, Instant at);
    static void apply(Row& row, const repairshop::ReceiptPaid& e, Instant at);
    static void apply(Row& row, const repairshop::ReceiptPaymentFailed& e, Instant at);
    static void apply(Row& row, const repairshop::DeliveryRequested& e, Instant at);
    static void apply(Row& row, const repairshop::ReceiptFollowedDelivery& e, Instant at);
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row) {
        return {{"stat", row.stat}, {"vehiNo", row.vehi_no}};
    }
};

}  // namespace yeyak::projections
