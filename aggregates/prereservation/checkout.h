// The saga of one pre-reservation: take the money, confirm, issue the receipt, or undo all of it.
//
// state            | hears                  | does                               | becomes
// -----------------+------------------------+------------------------------------+-------------
// not begun        | reservation requested  | request payment (now)              | paying
// paying           | payment completed      | confirm; issue the receipt         | completed
// paying           | declined, failed,      | cancel the reservation             | compensated
//                  |  refused               |                                    |
// paying           | outcome unknown        | cancel reservation and payment     | compensating
// paying           | reservation cancelled  | cancel payment                     | compensating
// completed        | reservation cancelled  | cancel payment and receipt         | compensating
// compensating     | payment, receipt       | -                                  | compensated,
//                  |  cancelled             |                                    |  when both are
//
// Compensation of each step: request payment -> cancel payment (refund); issue receipt -> cancel
// receipt; confirm -> cancel reservation. Everything else is late or repeated and changes nothing.
#pragma once
#include <optional>

#include "aggregates/payment/contract.h"
#include "aggregates/prereservation/receipt_contract.h"
#include "aggregates/prereservation/reservation_contract.h"
#include "kernel/saga.h"

namespace yeyak::prereservation {

struct NotBegun {
    static constexpr std::string_view type = "not_begun";
};
BOOST_DESCRIBE_STRUCT(NotBegun, (), ())
struct Paying {  // with what the receipt will say
    static constexpr std::string_view type = "paying";
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    std::int64_t product_id = 0;
    std::string product_name;
    Won price;
    std::int32_t delivery_days = 0;
};
BOOST_DESCRIBE_STRUCT(Paying, (), (id, user_id, product_id, product_name, price, delivery_days))
struct Completed {
    static constexpr std::string_view type = "completed";
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(Completed, (), (id))
struct Compensating {
    static constexpr std::string_view type = "compensating";
    std::int64_t id = 0;
    bool payment_open = false;
    bool receipt_open = false;
};
BOOST_DESCRIBE_STRUCT(Compensating, (), (id, payment_open, receipt_open))
struct Compensated {
    static constexpr std::string_view type = "compensated";
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(Compensated, (), (id))

using CheckoutState = std::variant<NotBegun, Paying, Completed, Compensating, Compensated>;

struct Checkout {
    static constexpr std::string_view category = "prereservation.checkout";
    static constexpr std::string_view context = "prereservation";
    static constexpr std::string_view type = "prereservation.checkout_stepped.v1";
    using Sources = Contracts<ReservationContract, payment::Contract, ReceiptContract>;
    using Input = std::variant<ReservationRequested, ReservationCancelled,
                               payment::PaymentCompleted, payment::PaymentDeclined,
                               payment::PaymentFailed, payment::PaymentOutcomeUnknown,
                               payment::PaymentCancelled, ReceiptCancelled, Refused>;
    using Timeout = NoTimeout;
    using State = CheckoutState;
    using Step = SagaStep<State, Timeout>;

    static std::optional<std::string> route(const ReservationRequested& e);
    static std::optional<std::string> route(const ReservationCancelled& e);
    static std::optional<std::string> route(const ReceiptCancelled& e);
    // Payments of this system are named "prereservation-17"; others are not for us.
    template <class PaymentEvent>
    static std::optional<std::string> route(const PaymentEvent& e) {
        const auto id = reservation_of_order(e.order);
        if (!id) return std::nullopt;
        return std::to_string(*id);
    }

    static Step react(const State& state, const Input& input, Instant now);
    static bool ended(const State& state);
    // What is asked of the payment repeats itself; cancellations can be asked for again.
    static std::vector<Send> retry(const State& state);
    static Step compensate(const State& state, Instant now);
};

}  // namespace yeyak::prereservation
