// The receipts of pre-reservations: GET /receipts. Withdrawn ones are shown on request.
#pragma once
#include "aggregates/prereservation/receipt_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct ReceiptRow {
    std::int64_t id = 0;
    std::int64_t paid_id = 0;
    std::int64_t pre_reservation_id = 0;
    std::int64_t user_id = 0;
    std::int64_t product_id = 0;
    std::string product_name;
    Won price;
    std::optional<Date> expected_delivery_at;
    std::string status;  // receipt_issued, receipt_cancelled
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(ReceiptRow, (),
                      (id, paid_id, pre_reservation_id, user_id, product_id, product_name, price,
                       expected_delivery_at, status, created_at, modified_at))

struct Receipts {
    static constexpr std::string_view name = "receipts";
    static constexpr std::string_view context = "receipt";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "prereservation.reservation"};
    using Sources = Contracts<prereservation::ReceiptContract>;
    using Row = ReceiptRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return number_key(event.id);
    }
    static void apply(Row& row, const prereservation::ReceiptIssued& e, Instant at);
    static void apply(Row& row, const prereservation::ReceiptCancelled& e, Instant at);
    static bool cancelled(const Row& row) { return row.status == "receipt_cancelled"; }
    static std::vector<IndexValue> indexes(const Row& row) {
        return {{"userId", std::to_string(row.user_id)}};
    }
};

}  // namespace yeyak::projections
