// The saga of one sale: take the money, let the store pack, ship, or undo all of it.
//
// state        | hears                     | does                                 | becomes
// -------------+---------------------------+--------------------------------------+--------------
// not begun    | order placed              | request payment (now)                | paying
// paying       | payment completed         | confirm the payment; the store       | storing
//              |                           |  receives the order                  |
// paying       | declined, failed, refused | reject the order                     | compensated
// paying       | outcome unknown           | reject the order; cancel payment     | compensating
// paying       | order cancelled           | cancel payment                       | compensating
// storing      | parcel packed             | ship the order                       | storing
// storing      | order shipped             | the store ships the parcel           | shipping
// storing      | order cancelled           | cancel payment; stop the store       | compensating
// shipping     | parcel shipped            | -                                    | completed
// compensating | payment cancelled         | tell the order                       | compensated,
//              | store order stopped       | -                                    |  when both are
// compensated  | order cancelled, though   | cancel payment                       | compensating
//              |  not its payment          |                                      |
//
// Compensation of each step: request payment -> cancel payment (refund); receive order -> stop the
// store. A shipped order cannot be undone. When a cancel and a parcel or a rejection meet, the
// order decides, and the saga goes on with what the order did. So the last row: the customer was
// faster than the rejection. Everything else is late or repeated and changes nothing.
#pragma once
#include <optional>

#include "aggregates/payment/contract.h"
#include "aggregates/phoneshop/order_contract.h"
#include "aggregates/phoneshop/store_order_contract.h"
#include "kernel/saga.h"

namespace yeyak::phoneshop {

struct NotBegun {
    static constexpr std::string_view type = "not_begun";
};
BOOST_DESCRIBE_STRUCT(NotBegun, (), ())
struct Paying {
    static constexpr std::string_view type = "paying";
    OrderPlaced order;
};
BOOST_DESCRIBE_STRUCT(Paying, (), (order))
struct Storing {
    static constexpr std::string_view type = "storing";
    OrderPlaced order;
    Instant paid_at;
};
BOOST_DESCRIBE_STRUCT(Storing, (), (order, paid_at))
struct Shipping {
    static constexpr std::string_view type = "shipping";
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(Shipping, (), (id))
struct Completed {
    static constexpr std::string_view type = "completed";
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(Completed, (), (id))
struct Compensating {
    static constexpr std::string_view type = "compensating";
    std::int64_t id = 0;
    bool payment_open = false;
    bool store_open = false;
};
BOOST_DESCRIBE_STRUCT(Compensating, (), (id, payment_open, store_open))
struct Compensated {
    static constexpr std::string_view type = "compensated";
    std::int64_t id = 0;
    bool payment_cancelled = false;  // or declined, failed, never begun
};
BOOST_DESCRIBE_STRUCT(Compensated, (), (id, payment_cancelled))

using SaleState =
    std::variant<NotBegun, Paying, Storing, Shipping, Completed, Compensating, Compensated>;

struct Sale {
    static constexpr std::string_view category = "phoneshop.sale";
    static constexpr std::string_view context = "app";
    static constexpr std::string_view type = "phoneshop.sale_stepped.v1";
    using Sources = Contracts<OrderContract, payment::Contract, StoreOrderContract>;
    using Input = std::variant<OrderPlaced, OrderShipped, OrderCancelled, payment::PaymentCompleted,
                               payment::PaymentDeclined, payment::PaymentFailed,
                               payment::PaymentOutcomeUnknown, payment::PaymentCancelled,
                               ParcelPacked, ParcelShipped, StoreOrderStopped, Refused>;
    using Timeout = NoTimeout;
    using State = SaleState;
    using Step = SagaStep<State, Timeout>;

    // Payments are named after what they pay for, all else has the number of the order.
    template <class Event>
    static std::optional<std::string> route(const Event& e) {
        if constexpr (requires { e.order; }) {
            const auto id = order_of_payment(e.order);
            if (!id) return std::nullopt;
            return std::to_string(*id);
        } else {
            return std::to_string(e.id);
        }
    }

    static Step react(const State& state, const Input& input, Instant now);
    static bool ended(const State& state);
    // What is asked of the payment repeats itself; all else can be asked for again.
    static std::vector<Send> retry(const State& state);
    // Asks the order, which decides: what it says starts the compensation.
    static Step compensate(const State& state, Instant now);
};

// What the store is told of a paid order; the same whenever it is told.
OrderReceived received(const OrderPlaced& order, Instant paid_at);

}  // namespace yeyak::phoneshop
