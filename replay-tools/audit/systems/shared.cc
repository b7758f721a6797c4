#include "aggregates/notification/contract.h"
#include "aggregates/operations/contract.h"
#include "aggregates/payment/contract.h"
#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {
namespace {

AuditedSystem payment_system() {
    return {.name = "payment",
            .categories = {category<payment::Contract>()},
            .sagas = {},
            .orders = {}};
}

AuditedSystem notification_system() {
    return {.name = "notification",
            .categories = {category<notification::Contract>()},
            .sagas = {},
            .orders = {}};
}

AuditedSystem operations_system() {
    return {.name = "operations",
            .categories = {category<operations::Contract>()},
            .sagas = {},
            .orders = {}};
}

}  // namespace

std::vector<AuditedSystem> shared_systems() {
    return {payment_system(), notification_system(), operations_system()};
}

}  // namespace yeyak::tools
