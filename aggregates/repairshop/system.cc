#include "aggregates/repairshop/system.h"

#include "aggregates/engine/aggregate_host.h"
#include "aggregates/engine/saga_host.h"
#include "aggregates/repairshop/delivery.h"
#include "aggregates/repairshop/intake.h"
#include "aggregates/repairshop/repair.h"
#include "aggregates/repairshop/visit.h"

namespace yeyak::repairshop {

void install(Engine& engine) {
    engine.add(std::make_unique<AggregateHost<Intake>>(), {"repairshop.receipt"});
    engine.add(std::make_unique<AggregateHost<Repair>>(), {"repair"});
    engine.add(std::make_unique<AggregateHost<CarDelivery>>(), {"delivery"});
    engine.add(std::make_unique<SagaHost<Visit>>());
}

}  // namespace yeyak::repairshop
