#include "aggregates/notification/contract.h"
#include "aggregates/operations/contract.h"
#include "aggregates/payment/contract.h"
#include "replay-tools/audit/systems/describe.h"

namespace yeyak::tools {
namespace {

System payment_system() {
    return {.name = "payment",
            .categories = {category<payment::Contract>()},
            .sagas = {},
            .orders = {}};
}

System notification_system() {
    return {.name = "notification",
            .categories = {category<notification::Contract>()},
            .sagas = {},
            .orders = {}};
}

System operations_system() {
    return {.name = "operations",
            .categories = {category<operations::Contract>()},
            .sagas = {},
            .orders = {}};
}

}  // namespace

const std::vector<System>& all_systems() {
    static const std::vector<System> systems{
        payment_system(),     notification_system(), operations_system(), prereservation_system(),
        vaccination_system(), market_system(),       repairshop_system(), phoneshop_system()};
    return systems;
}

}  // namespace yeyak::tools
