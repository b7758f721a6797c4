#include "projections/vaccination/stocks.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::StockMovementRow)
YEYAK_INSTANTIATE_JSON(projections::SupplyRow)
}  // namespace yeyak

namespace yeyak::projections {
namespace {

using namespace vaccination;

// A reservation moves one dose out and back at most, whatever the type, and a delivery comes once:
// so their numbers make one for each movement.
std::int64_t id_of(const StockReceived& e) { return 3 * e.delivery_id; }
std::int64_t id_of(const DoseReserved& e) { return 3 * e.reservation_id + 1; }
std::int64_t id_of(const DoseReleased& e) { return 3 * e.reservation_id + 2; }

}  // namespace

std::optional<std::string> StockMovements::key(const StockReceived& e) {
    return number_key(id_of(e));
}
std::optional<std::string> StockMovements::key(const DoseReserved& e) {
    return number_key(id_of(e));
}
std::optional<std::string> StockMovements::key(const DoseReleased& e) {
    return number_key(id_of(e));
}

void StockMovements::apply(Row& row, const StockReceived& e, Instant at) {
    row = {id_of(e), e.vaccine_type, e.count, std::nullopt, e.delivery_id, e.available, at};
}
void StockMovements::apply(Row& row, const DoseReserved& e, Instant at) {
    row = {id_of(e), e.vaccine_type, -1, e.reservation_id, std::nullopt, e.available, at};
}
void StockMovements::apply(Row& row, const DoseReleased& e, Instant at) {
    row = {id_of(e), e.vaccine_type, +1, e.reservation_id, std::nullopt, e.available, at};
}

void Supplies::apply(Row& row, const StockReceived& e, Instant) {
    row.id = row.vaccine_type = e.vaccine_type;
    row.received += e.count;
    row.available = e.available;
}
void Supplies::apply(Row& row, const DoseReserved& e, Instant) {
    ++row.reserved;
    row.available = e.available;
}
// The first that is asked of a type without a delivery makes its row.
void Supplies::apply(Row& row, const DoseRefused& e, Instant) {
    row.id = row.vaccine_type = e.vaccine_type;
}
void Supplies::apply(Row& row, const DoseReleased& e, Instant) {
    --row.reserved;
    row.available = e.available;
}
void Supplies::apply(Row& row, const DoseConsumed&, Instant) {
    --row.reserved;
    ++row.consumed;
}

}  // namespace yeyak::projections
