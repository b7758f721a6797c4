#include "aggregates/payment/system.h"

#include "aggregates/payment/payment.h"

namespace yeyak::payment {

void install(Engine& engine, ContextsByPrefix desks) {
    auto contexts = desks.contexts();
    engine.add(std::make_unique<AggregateHost<Payment>>(std::move(desks)), std::move(contexts));
}

}  // namespace yeyak::payment
