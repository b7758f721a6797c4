#include "projections/market/my_pages.h"

#include <algorithm>

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::MarketMyPageRow)
}

namespace yeyak::projections {
namespace {

using Row = MarketMyPageRow;

void touch(Row& row, std::int64_t id, Instant at) {
    row.id = row.reservation_id = id;
    row.modified_at = std::max(row.modified_at.value_or(at), at);
}

// Codes only grow: an event that comes late never takes back a cancellation.
void reach(std::string& status, std::string_view to) {
    if (status < to) status = to;
}

template <class E>
void reserved(Row& row, const E& e) {
    row.product_id = e.product_id;
    row.product_name = e.product_name;
    row.price = e.price;
    row.customer_id = e.customer_id;
}

template <class E>
void billed(Row& row, std::string_view status, const E& e, Instant at) {
    touch(row, e.id, at);
    row.payment_id = e.id;
    reach(row.payment_status, status);
}

}  // namespace

void MarketMyPages::apply(Row& row, const market::Reserved& e, Instant at) {
    touch(row, e.id, at);
    reserved(row, e);
    row.created_at = at;
    reach(row.reservation_status, "01");
}
void MarketMyPages::apply(Row& row, const market::ReservationCancelled& e, Instant at) {
    touch(row, e.id, at);
    row.cancel_reason = boost::describe::enum_to_string(e.reason, "");
    reach(row.reservation_status, "02");
}
void MarketMyPages::apply(Row& row, const market::BillIssued& e, Instant at) {
    reserved(row, e);
    billed(row, "01", e, at);
}
void MarketMyPages::apply(Row& row, const market::BillPaymentRequested& e, Instant at) {
    billed(row, "01", e, at);
}
void MarketMyPages::apply(Row& row, const market::BillPaid& e, Instant at) {
    billed(row, "02", e, at);
}
void MarketMyPages::apply(Row& row, const market::BillReopened& e, Instant at) {
    billed(row, "01", e, at);
}
void MarketMyPages::apply(Row& row, const market::BillCancelled& e, Instant at) {
    billed(row, "03", e, at);
}
void MarketMyPages::apply(Row& row, const market::BillRefunded& e, Instant at) {
    billed(row, "04", e, at);
}

std::vector<IndexValue> MarketMyPages::indexes(const Row& row) {
    if (!row.customer_id) return {};
    return {{"customerId", std::to_string(*row.customer_id)}};
}

}  // namespace yeyak::projections
