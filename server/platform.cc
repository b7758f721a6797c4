#include "server/platform.h"

namespace yeyak::server {

ContextsByPrefix payment_desks(const Platform& platform) {
    std::vector<PrefixContext> desks;
    for (const auto& system : platform.systems)
        if (!system.payments.context.empty())
            desks.push_back({std::string{system.name} + '-', std::string{system.payments.context}});
    return ContextsByPrefix{std::move(desks)};
}

}  // namespace yeyak::server
