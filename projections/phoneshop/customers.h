// The customer centre's view of the whole progress of every order: GET /customers. It hears app,
// pay and store in any order; each step has one event, and the status is the furthest of them. An
// order that was never paid is listed on request only.
#pragma once
#include "aggregates/payment/contract.h"
#include "aggregates/phoneshop/order_contract.h"
#include "aggregates/phoneshop/store_order_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct PhoneCustomerRow {
    std::int64_t id = 0;
    std::int64_t order_id = 0;
    std::string item;
    std::int64_t qty = 0;
    Won price;
    std::string status;  // Ordered, Payed, Shipped, OrderCancelled, Pay Cancelled, OrderRejected
    std::optional<phoneshop::RejectReason> reject_reason;
    std::optional<Instant> ordered_at;
    std::optional<Instant> payed_at;
    std::optional<Instant> shipped_at;
    std::optional<Instant> cancelled_at;
    std::optional<Instant> pay_cancelled_at;
};
BOOST_DESCRIBE_STRUCT(PhoneCustomerRow, (),
                      (id, order_id, item, qty, price, status, reject_reason, ordered_at, payed_at,
                       shipped_at, cancelled_at, pay_cancelled_at))

struct PhoneCustomers {
    static constexpr std::string_view name = "phoneshop.customers";
    static constexpr std::string_view context = "customer";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", "phoneshop.order"};
    using Sources =
        Contracts<phoneshop::OrderContract, payment::Contract, phoneshop::StoreOrderContract>;
    using Row = PhoneCustomerRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        if constexpr (is_alternative<E, payment::Event>)
            return key_of(event.order);
        else
            return number_key(event.id);
    }
    static void apply(Row& row, const phoneshop::OrderPlaced& e, Instant at);
    static void apply(Row& row, const phoneshop::OrderRejected& e, Instant at);
    static void apply(Row& row, const phoneshop::OrderCancelled& e, Instant at);
    static void apply(Row& row, const payment::PaymentCompleted& e, Instant at);
    static void apply(Row& row, const payment::PaymentCancelled& e, Instant at);
    static void apply(Row& row, const phoneshop::ParcelShipped& e, Instant at);
    // What else happens is no step of its own for a customer.
    static void apply(Row&, const phoneshop::OrderPaid&, Instant) {}
    static void apply(Row&, const phoneshop::OrderShipped&, Instant) {}
    static void apply(Row&, const phoneshop::OrderPayCancelled&, Instant) {}
    static void apply(Row&, const payment::PaymentRequested&, Instant) {}
    static void apply(Row&, const payment::PaymentDeclined&, Instant) {}
    static void apply(Row&, const payment::PaymentFailed&, Instant) {}
    static void apply(Row&, const payment::PaymentOutcomeUnknown&, Instant) {}
    static void apply(Row&, const payment::PaymentOutcomeAsked&, Instant) {}
    static void apply(Row&, const payment::PaymentCancellationRequested&, Instant) {}
    static void apply(Row&, const payment::RefundPostponed&, Instant) {}
    static void apply(Row&, const payment::RefundRetried&, Instant) {}
    static void apply(Row&, const phoneshop::OrderReceived&, Instant) {}
    static void apply(Row&, const phoneshop::ParcelPacked&, Instant) {}
    static void apply(Row&, const phoneshop::StoreOrderStopped&, Instant) {}
    // Nothing is shown of an order before the app's own words of it have come.
    static bool cancelled(const Row& row) { return row.reject_reason || !row.ordered_at; }
    static std::vector<IndexValue> indexes(const Row& row) { return {{"status", row.status}}; }

  private:
    static std::optional<std::string> key_of(std::string_view payment);
};

}  // namespace yeyak::projections
