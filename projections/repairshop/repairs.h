// The repairs of the repair shop: GET /repairs.
#pragma once
#include "aggregates/repairshop/repair_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct RepairRow {
    std::int64_t id = 0;
    std::int64_t receipt_id = 0;
    std::string vehi_no;
    std::string stat;  // REPAIRRECEIVED, REPAIRED, REPAIRREJECTED, REPAIRCANCELLED
    std::optional<Won> repair_amt;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(RepairRow, (),
                      (id, receipt_id, vehi_no, stat, repair_amt, created_at, modified_at))

struct Repairs {
    static constexpr std::string_view name = "repairshop.repairs";
    static constexpr std::string_view context = "repair";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "repairshop.receipt"};
    using Sources = Contracts<repairshop::RepairContract>;
    using Row = RepairRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const repairshop::RepairReceived& e, Instant at);
    static void apply(Row& row, const repairshop::RepairCompleted& e, Instant at);
    static void apply(Row& row, const repairshop::RepairRejected& e, Instant at);
    static void apply(Row& row, const repairshop::RepairCancelled& e, Instant at);
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row) {
        return {{"stat", row.stat}, {"vehiNo", row.vehi_no}};
    }
};

}  // namespace yeyak::projections
