// The saga of one visit to the repair shop: it carries news between reception, repair shop, payment
// desk and delivery. What it hears of one part does not depend on the others:
//
// hears                     | does                              | part becomes
// --------------------------+-----------------------------------+-----------------------------
// received                  | register the repair               | repair: requested
// receipt imported          | -                                 | repair: completed
// repair received           | the receipt follows               | repair: received
// repair completed,         | the receipt follows               | repair: over
//  rejected, cancelled      |                                   |
// repair cancel requested   | cancel the repair                 | cancelling, until it is over
// payment requested         | request the payment (now)         | paying
// payment completed         | the receipt is paid               | not paying
// payment declined, failed, | the receipt's payment failed      | not paying
//  refused                  |                                   |
// delivery requested        | start the delivery                | delivery: requested
// delivery started          | the receipt follows               | delivery: started
//
// All in all a visit is `working` while it waits for one of the contexts, `waiting` while it waits
// for people, and it ends completed (delivered or rejected) or compensated (cancelled). It hears
// on: a car that was delivered early can still be repaired and paid.
//
// An unknown outcome of a payment is not heard: the payment desk finds out, meanwhile it is paying.
// Compensation: register the repair -> cancel it. What comes later has no way back (CAR-X10).
#pragma once
#include <optional>

#include "aggregates/payment/contract.h"
#include "aggregates/repairshop/delivery_contract.h"
#include "aggregates/repairshop/intake_contract.h"
#include "aggregates/repairshop/repair_contract.h"
#include "kernel/saga.h"
#include "kernel/sealed.h"

namespace yeyak::repairshop {

struct VisitParts {
    std::int64_t id = 0;
    Sealed vehi_no;
    RepairStat repair = RepairStat::repair_requested;
    bool cancelling = false;
    std::int64_t paying = 0;  // the attempt that is under way; 0 for none
    Won pay_amt;
    DeliveryStat delivery = DeliveryStat::none;
};
BOOST_DESCRIBE_STRUCT(VisitParts, (), (id, vehi_no, repair, cancelling, paying, pay_amt, delivery))

struct NotBegun {
    static constexpr std::string_view type = "not_begun";
};
BOOST_DESCRIBE_STRUCT(NotBegun, (), ())
struct Working {
    static constexpr std::string_view type = "working";
    VisitParts visit;
};
BOOST_DESCRIBE_STRUCT(Working, (), (visit))
struct Waiting {
    static constexpr std::string_view type = "waiting";
    VisitParts visit;
};
BOOST_DESCRIBE_STRUCT(Waiting, (), (visit))
struct Completed {
    static constexpr std::string_view type = "completed";
    VisitParts visit;
};
BOOST_DESCRIBE_STRUCT(Completed, (), (visit))
struct Compensated {
    static constexpr std::string_view type = "compensated";
    VisitParts visit;
};
BOOST_DESCRIBE_STRUCT(Compensated, (), (visit))

using VisitState = std::variant<NotBegun, Working, Waiting, Completed, Compensated>;

struct Visit {
    static constexpr std::string_view category = "repairshop.visit";
    static constexpr std::string_view context = "repairshop.receipt";
    static constexpr std::string_view type = "repairshop.visit_stepped.v1";
    using Sources = Contracts<IntakeContract, RepairContract, payment::Contract, DeliveryContract>;
    using Input =
        std::variant<Received, IntakeImported, RepairReceived, RepairCompleted, RepairRejected,
                     RepairCancelled, RepairCancelRequested, PaymentRequested,
                     payment::PaymentCompleted, payment::PaymentDeclined, payment::PaymentFailed,
                     DeliveryRequested, DeliveryStarted, Refused>;
    using Timeout = NoTimeout;
    using State = VisitState;
    using Step = SagaStep<State, Timeout>;

    // Payments of other systems are not for us.
    template <class E>
    static std::optional<std::string> route(const E& event) {
        if constexpr (requires { event.order; }) {
            const auto order = payment_order(event.order);
            if (!order) return std::nullopt;
            return std::to_string(order->receipt);
        } else {
            return std::to_string(event.id);
        }
    }

    static Step react(const State& state, const Input& input, Instant now);
    static bool ended(const State& state);
    static std::vector<Send> retry(const State& state);
    static Step compensate(const State& state, Instant now);
};

}  // namespace yeyak::repairshop
