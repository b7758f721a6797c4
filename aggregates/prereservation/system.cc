#include "aggregates/prereservation/system.h"

#include "aggregates/engine/aggregate_host.h"
#include "aggregates/engine/saga_host.h"
#include "aggregates/prereservation/checkout.h"
#include "aggregates/prereservation/receipt.h"
#include "aggregates/prereservation/reservation.h"

namespace yeyak::prereservation {

void install(Engine& engine) {
    engine.add(std::make_unique<AggregateHost<Reservation>>(), {"prereservation"});
    engine.add(std::make_unique<AggregateHost<Receipt>>(), {"receipt"});
    engine.add(std::make_unique<SagaHost<Checkout>>());
}

}  // namespace yeyak::prereservation
