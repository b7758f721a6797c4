// The receipts of the repair shop: GET /receipts. `reapirAmt` is how the founding document writes
// the amount of the repair; it stands beside `repairAmt` (CAR-X8).
#pragma once
#include "aggregates/repairshop/intake_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct RepairshopIntakeRow {
    std::int64_t id = 0;
    std::string vehi_no;
    std::string stat;  // REPAIRREQUEST, …
    std::optional<Won> reapir_amt;
    std::optional<Won> repair_amt;
    std::optional<Won> pay_amt;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(RepairshopIntakeRow, (),
                      (id, vehi_no, stat, reapir_amt, repair_amt, pay_amt, created_at, modified_at))

struct RepairshopIntakes {
    static constexpr std::string_view name = "repairshop.receipts";
    static constexpr std::string_view context = "repairshop.receipt";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "repairshop.receipt"};
    using Sources = Contracts<repairshop::IntakeContract>;
    using Row = RepairshopIntakeRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const repairshop::Received& e, Instant at);
    static void apply(Row& row, const repairshop::IntakeImported& e, Instant at);
    static void apply(Row& row, const repairshop::IntakeFollowedRepair& e, Instant at);
    static void apply(Row& row, const repairshop::RepairCancelRequested& e, Instant at);
    static void apply(Row& row, const repairshop::PaymentRequested& e, Instant at);
    static void apply(Row& row, const repairshop::IntakePaid& e, Instant at);
    static void apply(Row& row, const repairshop::IntakePaymentFailed& e, Instant at);
    static void apply(Row& row, const repairshop::DeliveryRequested& e, Instant at);
    static void apply(Row& row, const repairshop::IntakeFollowedDelivery& e, Instant at);
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row) {
        return {{"stat", row.stat}, {"vehiNo", row.vehi_no}};
    }
};

}  // namespace yeyak::projections
