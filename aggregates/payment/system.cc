#include "aggregates/payment/system.h"

#include "aggregates/payment/payment.h"

namespace yeyak::payment {

void install(Engine& engine, std::vector<std::string> contexts) {
    engine.add(std::make_unique<AggregateHost<Payment>>(), std::move(contexts));
}

}  // namespace yeyak::payment
