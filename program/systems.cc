#include "program/systems.h"

#include <algorithm>
#include <vector>

#include "aggregates/market/system.h"
#include "aggregates/phoneshop/system.h"
#include "aggregates/prereservation/system.h"
#include "aggregates/repairshop/system.h"
#include "aggregates/vaccination/system.h"
#include "api/systems/market/routes.h"
#include "api/systems/phoneshop/routes.h"
#include "api/systems/prereservation/routes.h"
#include "api/systems/repairshop/routes.h"
#include "api/systems/vaccination/routes.h"

namespace yeyak::program {

std::span<const System> systems() {
    static constexpr System all[] = {
        {{"prereservation", "payment", &prereservation::install},
         &api::add_prereservation_routes,
         "/preReservations",
         R"({"userId":1,"userAddress":"seoul","productId":1,"productName":"fold","price":1300000,)"
         R"("cardNo":"1234-1234-1234-1234"})"},
        {{"vaccination", "", &vaccination::install},
         &api::add_vaccination_routes,
         "/user/date",
         R"({"userName":"Taeyeon Kim","userRegNumber":"890309-2766876"})",
         &api::begin_vaccination},
        {{"market", "market.payment", &market::install},
         &api::add_market_routes,
         "/product",
         R"({"productName":"Phone","productStatus":"01"})"},
        {{"repairshop", "repairshop.payment", &repairshop::install},
         &api::add_repairshop_routes,
         "/receipts",
         R"({"vehiNo":"0101","stat":"REPAIRREQUEST"})"},
        {{"phoneshop", "pay", &phoneshop::install},
         &api::add_phoneshop_routes,
         "/orders",
         R"({"item":"note21","qty":2})"},
    };
    return all;
}

server::Systems rules_of_systems() {
    static const auto rules = [] {
        std::vector<server::SystemRules> all;
        for (const auto& system : systems()) all.push_back(system.rules);
        return all;
    }();
    return rules;
}

const System* find_system(std::string_view name) {
    const auto found =
        std::ranges::find(systems(), name, [](const System& system) { return system.rules.name; });
    return found == systems().end() ? nullptr : &*found;
}

}  // namespace yeyak::program
