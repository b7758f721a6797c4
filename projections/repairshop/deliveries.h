// The deliveries of repaired cars: GET /deliveries.
#pragma once
#include "aggregates/repairshop/delivery_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct DeliveryRow {
    std::int64_t id = 0;
    std::string stat;  // DELIVERYSTARTED
    std::int64_t receipt_id = 0;
    std::string vehi_no;
    std::optional<Instant> created_at;
};
BOOST_DESCRIBE_STRUCT(DeliveryRow, (), (id, stat, receipt_id, vehi_no, created_at))

struct Deliveries {
    static constexpr std::string_view name = "repairshop.deliveries";
    static constexpr std::string_view context = "delivery";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "repairshop.receipt"};
    using Sources = Contracts<repairshop::DeliveryContract>;
    using Row = DeliveryRow;

    static std::optional<std::string> key(const repairshop::DeliveryStarted& e) {
        return number_key(e.id);
    }
    static void apply(Row& row, const repairshop::DeliveryStarted& e, Instant at);
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row) { return {{"vehiNo", row.vehi_no}}; }
};

}  // namespace yeyak::projections
