// The saga of one purchase: bill a reservation, take the money when the buyer pays, sell the
// product; or undo all of it when the reservation is cancelled, by its buyer or by its time.
//
// state       | hears                      | does                                 | becomes
// ------------+----------------------------+--------------------------------------+-------------
// not begun   | reserved                   | issue the bill; timer at its expiry  | unpaid
// unpaid      | bill payment requested     | request payment                      | paying
// unpaid      | expired                    | cancel the reservation               | cancelling
// paying      | payment completed          | settle the bill; sell the product    | completed
// paying      | declined, failed, refused  | reopen the bill                      | unpaid
// paying      | expired                    | -                                    | paying, late
// paying late | declined, failed, refused  | reopen bill; cancel the reservation  | cancelling
// unpaid,     | reservation cancelled      | release the product; close the bill  | compensated
//  cancelling |                            |                                      |
// paying,     | reservation cancelled      | release the product; cancel payment  | refunding
//  completed  |                            |                                      |
// refunding   | payment cancelled          | close the bill                       | compensated
// cancelling, | bill payment requested     | cancel that payment                  | the same
//  compensated|                            |                                      |
//
// Compensation of each step: issue bill -> close bill; request payment -> cancel payment (refund);
// sell product -> release product. Everything else is late or repeated and changes nothing.
//
// It belongs to the payment context, as the policies of the payment service did: a payment is
// taken, and the product sold, while reservations are down.
#pragma once
#include <optional>

#include "aggregates/market/bill_contract.h"
#include "aggregates/market/product_contract.h"
#include "aggregates/market/reservation_contract.h"
#include "aggregates/payment/contract.h"
#include "kernel/saga.h"

namespace yeyak::market {

struct NotBegun {
    static constexpr std::string_view type = "not_begun";
};
BOOST_DESCRIBE_STRUCT(NotBegun, (), ())
struct Unpaid {
    static constexpr std::string_view type = "unpaid";
    BillIssued bill;
};
BOOST_DESCRIBE_STRUCT(Unpaid, (), (bill))
struct Paying {
    static constexpr std::string_view type = "paying";
    BillIssued bill;
    BillPaymentRequested payment;
    bool late = false;  // the time to pay is over, the outcome is still awaited
};
BOOST_DESCRIBE_STRUCT(Paying, (), (bill, payment, late))
struct Completed {
    static constexpr std::string_view type = "completed";
    std::int64_t id = 0;
    std::int64_t product_id = 0;
    std::int64_t attempt = 0;  // the one that was paid
};
BOOST_DESCRIBE_STRUCT(Completed, (), (id, product_id, attempt))
struct Cancelling {
    static constexpr std::string_view type = "cancelling";
    std::int64_t id = 0;
    CancelReason reason = CancelReason::expired;
};
BOOST_DESCRIBE_STRUCT(Cancelling, (), (id, reason))
struct Refunding {
    static constexpr std::string_view type = "refunding";
    std::int64_t id = 0;
    std::int64_t attempt = 0;
};
BOOST_DESCRIBE_STRUCT(Refunding, (), (id, attempt))
struct Compensated {
    static constexpr std::string_view type = "compensated";
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(Compensated, (), (id))

using PurchaseState =
    std::variant<NotBegun, Unpaid, Paying, Completed, Cancelling, Refunding, Compensated>;

// The time to pay is over.
struct Expired {
    static constexpr std::string_view type = "market.expired";
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(Expired, (), (id))
using PurchaseTimeout = std::variant<Expired>;

struct Purchase {
    static constexpr std::string_view category = "market.purchase";
    static constexpr std::string_view context = "market.payment";
    static constexpr std::string_view type = "market.purchase_stepped.v1";
    using Sources =
        Contracts<ReservationContract, BillContract, ProductContract, payment::Contract>;
    using Input = std::variant<Reserved, ReservationCancelled, BillPaymentRequested,
                               payment::PaymentCompleted, payment::PaymentDeclined,
                               payment::PaymentFailed, payment::PaymentCancelled, Expired, Refused>;
    using Timeout = PurchaseTimeout;
    using State = PurchaseState;
    using Step = SagaStep<State, Timeout>;

    static std::optional<std::string> route(const Reserved& e) { return std::to_string(e.id); }
    static std::optional<std::string> route(const ReservationCancelled& e) {
        return std::to_string(e.id);
    }
    static std::optional<std::string> route(const BillPaymentRequested& e) {
        return std::to_string(e.id);
    }
    template <class PaymentEvent>
    static std::optional<std::string> route(const PaymentEvent& e) {
        const auto order = order_named(e.order);
        if (!order) return std::nullopt;
        return std::to_string(order->id);
    }

    static Step react(const State& state, const Input& input, Instant now);
    static bool ended(const State& state);
    // What the state still waits for, to be sent again.
    static std::vector<Send> retry(const State& state);
    // What undoing it now would do: its reservation is cancelled, and all else follows.
    static Step compensate(const State& state, Instant now);
};

}  // namespace yeyak::market
