#include "aggregates/repairshop/delivery.h"

#include "kernel/match.h"

namespace yeyak::repairshop {

Decision<DeliveryEvent, DeliveryRejection> CarDelivery::decide(const State& state,
                                                               const Command& command) {
    return match(state, command)(
        [](const NoDelivery&, const StartDelivery& c) {
            return accept(DeliveryStarted{c.id, c.id, c.vehi_no});
        },
        [](const Started& s, const StartDelivery& c) {
            return s.vehi_no == c.vehi_no ? unchanged() : refuse(Rejection::delivery_exists);
        });
}

DeliveryState CarDelivery::evolve(const State&, const Event& event) {
    return match<State>(event)([](const DeliveryStarted& e) { return Started{e.vehi_no}; });
}

}  // namespace yeyak::repairshop
