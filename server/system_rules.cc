#include "server/system_rules.h"

namespace yeyak::server {

ContextsByPrefix payment_desks(Systems systems) {
    std::vector<PrefixContext> desks;
    for (const auto& system : systems)
        if (!system.payment_context.empty())
            desks.push_back({std::string{system.name} + '-', std::string{system.payment_context}});
    return ContextsByPrefix{std::move(desks)};
}

}  // namespace yeyak::server
