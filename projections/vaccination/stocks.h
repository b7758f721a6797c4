// The warehouse: what went in and out (GET /stocks), and what of each type there is (GET
// /supplies).
#pragma once
#include "aggregates/vaccination/stock_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct StockMovementRow {
    std::int64_t id = 0;
    std::string vaccine_type;
    std::int64_t vaccine_count = 0;  // +n for a delivery, -1 reserved, +1 given back
    std::optional<std::int64_t> reservation_id;
    std::optional<std::int64_t> delivery_id;
    std::int64_t available = 0;  // afterwards
    std::optional<Instant> moved_at;
};
BOOST_DESCRIBE_STRUCT(StockMovementRow, (),
                      (id, vaccine_type, vaccine_count, reservation_id, delivery_id, available,
                       moved_at))

struct StockMovements {
    static constexpr std::string_view name = "vaccination.stocks";
    static constexpr std::string_view context = "vaccinestock";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"reservationId", "vaccination.user"};
    using Sources = Contracts<vaccination::StockContract>;
    using Row = StockMovementRow;

    static std::optional<std::string> key(const vaccination::StockReceived& e);
    static std::optional<std::string> key(const vaccination::DoseReserved& e);
    static std::optional<std::string> key(const vaccination::DoseReleased& e);
    // What was never on the move.
    static std::optional<std::string> key(const vaccination::DoseRefused&) { return std::nullopt; }
    static std::optional<std::string> key(const vaccination::DoseConsumed&) { return std::nullopt; }
    static void apply(Row& row, const vaccination::StockReceived& e, Instant at);
    static void apply(Row& row, const vaccination::DoseReserved& e, Instant at);
    static void apply(Row& row, const vaccination::DoseReleased& e, Instant at);
    static void apply(Row&, const vaccination::DoseRefused&, Instant) {}
    static void apply(Row&, const vaccination::DoseConsumed&, Instant) {}
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row) {
        return {{"vaccineType", row.vaccine_type}};
    }
};

// received = available + reserved + consumed, always.
struct SupplyRow {
    std::string id;  // the type
    std::string vaccine_type;
    std::int64_t received = 0;
    std::int64_t reserved = 0;
    std::int64_t consumed = 0;
    std::int64_t available = 0;
};
BOOST_DESCRIBE_STRUCT(SupplyRow, (), (id, vaccine_type, received, reserved, consumed, available))

struct Supplies {
    static constexpr std::string_view name = "vaccination.supplies";
    static constexpr std::string_view context = "vaccinestock";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{};  // about nobody
    using Sources = Contracts<vaccination::StockContract>;
    using Row = SupplyRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return event.vaccine_type;
    }
    static void apply(Row& row, const vaccination::StockReceived& e, Instant at);
    static void apply(Row& row, const vaccination::DoseReserved& e, Instant at);
    static void apply(Row& row, const vaccination::DoseRefused& e, Instant at);
    static void apply(Row& row, const vaccination::DoseReleased& e, Instant at);
    static void apply(Row& row, const vaccination::DoseConsumed& e, Instant at);
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row&) { return {}; }
};

}  // namespace yeyak::projections
