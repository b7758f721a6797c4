#include "aggregates/engine/contexts_by_prefix.h"

#include <algorithm>

#include "kernel/ensure.h"

namespace yeyak {

ContextsByPrefix::ContextsByPrefix(std::vector<PrefixContext> systems)
    : systems_(std::move(systems)) {
    for (const auto& system : systems_) {
        ensure(!system.prefix.empty() && !system.context.empty(),
               "a system that shares an aggregate has a prefix and a context");
        const auto overlaps = std::ranges::count_if(systems_, [&](const PrefixContext& other) {
            return other.prefix.starts_with(system.prefix);
        });
        ensure(overlaps == 1, "an id of a shared aggregate belongs to one system");
    }
}

std::string_view ContextsByPrefix::of(std::string_view id) const {
    const auto found = std::ranges::find_if(
        systems_, [&](const PrefixContext& system) { return id.starts_with(system.prefix); });
    ensure(found != systems_.end(), "an id of a shared aggregate begins with a system's prefix");
    return found->context;
}

std::vector<std::string> ContextsByPrefix::contexts() const {
    std::vector<std::string> names;
    for (const auto& system : systems_) names.push_back(system.context);
    return names;
}

}  // namespace yeyak
