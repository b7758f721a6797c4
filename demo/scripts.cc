#include "demo/scripts.h"

namespace yeyak::demo {

std::span<const Script> scripts() {
    static constexpr Script all[] = {
        {"prereservation", &visit_prereservation, prereservation_contexts},
        {"vaccination", &visit_vaccination, vaccination_contexts},
        {"market", &visit_market, market_contexts},
        {"repairshop", &visit_repairshop, repairshop_contexts},
        {"phoneshop", &visit_phoneshop, phoneshop_contexts},
    };
    return all;
}

}  // namespace yeyak::demo
