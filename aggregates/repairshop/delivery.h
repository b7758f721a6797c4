// One delivery:  (nothing) ─▶ Started. Starting it again changes nothing.
#pragma once
#include "aggregates/repairshop/delivery_contract.h"
#include "kernel/decider.h"
#include "kernel/sealed.h"

namespace yeyak::repairshop {

struct NoDelivery {};
struct Started {
    Sealed vehi_no;
};
using DeliveryState = std::variant<NoDelivery, Started>;

enum class DeliveryRejection { delivery_exists };
BOOST_DESCRIBE_ENUM(DeliveryRejection, delivery_exists)

struct CarDelivery : DeliveryContract, Answers<DeliveryEvent, DeliveryRejection> {
    using State = DeliveryState;
    using Command = DeliveryCommand;
    using Event = DeliveryEvent;
    using Rejection = DeliveryRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<CarDelivery>);

}  // namespace yeyak::repairshop
