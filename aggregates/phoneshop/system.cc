#include "aggregates/phoneshop/system.h"

#include "aggregates/engine/aggregate_host.h"
#include "aggregates/engine/saga_host.h"
#include "aggregates/phoneshop/order.h"
#include "aggregates/phoneshop/sale.h"
#include "aggregates/phoneshop/store_order.h"

namespace yeyak::phoneshop {

void install(Engine& engine) {
    engine.add(std::make_unique<AggregateHost<Order>>(), {"app"});
    engine.add(std::make_unique<AggregateHost<StoreOrder>>(), {"store"});
    engine.add(std::make_unique<SagaHost<Sale>>());
}

}  // namespace yeyak::phoneshop
