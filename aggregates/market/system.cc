#include "aggregates/market/system.h"

#include "aggregates/engine/aggregate_host.h"
#include "aggregates/engine/policy_host.h"
#include "aggregates/engine/saga_host.h"
#include "aggregates/market/bill.h"
#include "aggregates/market/notices.h"
#include "aggregates/market/product.h"
#include "aggregates/market/purchase.h"
#include "aggregates/market/reservation.h"

namespace yeyak::market {

void install(Engine& engine) {
    engine.add(std::make_unique<AggregateHost<Product>>(), {"product"});
    engine.add(std::make_unique<AggregateHost<Reservation>>(), {"market.reservation"});
    engine.add(std::make_unique<AggregateHost<Bill>>(), {"market.payment"});
    engine.add(std::make_unique<SagaHost<Purchase>>());
    engine.add_policy(std::make_unique<PolicyHost<Notices>>());
}

}  // namespace yeyak::market
