// The payments of the repair shop: GET /payments. One row for each receipt that was to be paid,
// with its newest attempt, as the reception knows it.
#pragma once
#include "aggregates/repairshop/intake_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct RepairshopPaymentRow {
    std::int64_t id = 0;
    std::int64_t receipt_id = 0;
    Won pay_amt;
    std::string stat;  // PAYMENTREQUESTED, PAID, PAYMENTDECLINED, PAYMENTUNAVAILABLE
    std::int64_t attempt = 0;
    std::optional<std::string> approval_no;
    std::optional<Instant> created_at;
    std::optional<Instant> modified_at;
};
BOOST_DESCRIBE_STRUCT(RepairshopPaymentRow, (),
                      (id, receipt_id, pay_amt, stat, attempt, approval_no, created_at,
                       modified_at))

struct RepairshopPayments {
    static constexpr std::string_view name = "repairshop.payments";
    static constexpr std::string_view context = "repairshop.payment";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "repairshop.receipt"};
    using Sources = Contracts<repairshop::IntakeContract>;
    using Row = RepairshopPaymentRow;

    // Only what is said of a payment has an attempt.
    template <class E>
    static std::optional<std::string> key(const E& event) {
        if constexpr (requires { event.attempt; }) return number_key(event.id);
        return std::nullopt;
    }
    static void apply(Row& row, const repairshop::PaymentRequested& e, Instant at);
    static void apply(Row& row, const repairshop::IntakePaid& e, Instant at);
    static void apply(Row& row, const repairshop::IntakePaymentFailed& e, Instant at);
    static void apply(Row&, const repairshop::Received&, Instant) {}
    static void apply(Row&, const repairshop::IntakeImported&, Instant) {}
    static void apply(Row&, const repairshop::IntakeFollowedRepair&, Instant) {}
    static void apply(Row&, const repairshop::RepairCancelRequested&, Instant) {}
    static void apply(Row&, const repairshop::DeliveryRequested&, Instant) {}
    static void apply(Row&, const repairshop::IntakeFollowedDelivery&, Instant) {}
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row) { return {{"stat", row.stat}}; }
};

}  // namespace yeyak::projections
