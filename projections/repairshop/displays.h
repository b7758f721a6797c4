// The display of the reception desk: GET /displays. One row for each receipt with all that is known
// of it, also of its repair and its delivery, whichever is heard of first (CAR-N4).
#pragma once
#include "aggregates/repairshop/delivery_contract.h"
#include "aggregates/repairshop/intake_contract.h"
#include "aggregates/repairshop/repair_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct DisplayRow {
    std::int64_t id = 0;
    std::int64_t receipt_id = 0;
    std::string vehi_no;
    std::optional<std::string> receipt_stat;
    std::optional<std::string> repair_stat;
    std::optional<std::string> pay_stat;
    std::optional<std::string> delivery_stat;
    std::optional<Won> repair_amt;
    std::optional<Won> pay_amt;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(DisplayRow, (),
                      (id, receipt_id, vehi_no, receipt_stat, repair_stat, pay_stat, delivery_stat,
                       repair_amt, pay_amt, created_at, modified_at))

struct Displays {
    static constexpr std::string_view name = "repairshop.displays";
    static constexpr std::string_view context = "display";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "repairshop.receipt"};
    using Sources = Contracts<repairshop::IntakeContract, repairshop::RepairContract,
                              repairshop::DeliveryContract>;
    using Row = DisplayRow;

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
    static void apply(Row& row, const repairshop::RepairReceived& e, Instant at);
    static void apply(Row& row, const repairshop::RepairCompleted& e, Instant at);
    static void apply(Row& row, const repairshop::RepairRejected& e, Instant at);
    static void apply(Row& row, const repairshop::RepairCancelled& e, Instant at);
    static void apply(Row& row, const repairshop::DeliveryStarted& e, Instant at);
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row);
};

}  // namespace yeyak::projections
