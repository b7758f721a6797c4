#include "aggregates/engine/aggregate_host.h"
#include "aggregates/engine/policy_host.h"
#include "aggregates/library/loan.h"
#include "kernel/json_impl.h"

namespace yeyak {

using namespace library;

YEYAK_INSTANTIATE_VARIANT_CODEC(LoanEvent)
YEYAK_INSTANTIATE_VARIANT_CODEC(LoanCommand)

void library::install(Engine& engine) {
    engine.add(std::make_unique<AggregateHost<Loan>>(), {"library"});
    engine.add_policy(std::make_unique<PolicyHost<Till>>());
}

}  // namespace yeyak
