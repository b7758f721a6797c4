#include "program/systems.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "aggregates/payment/contract.h"
#include "api/access/platform_access.h"
#include "projections/shared_views.h"
#include "server/config/config_keys.h"

namespace yeyak::program {

#define YEYAK_SYSTEM(name) extern const System name##_system;
#include "program/systems.def"
#undef YEYAK_SYSTEM

std::span<const System* const> systems() {
    static constexpr const System* all[] = {
#define YEYAK_SYSTEM(name) &name##_system,
#include "program/systems.def"
#undef YEYAK_SYSTEM
    };
    return all;
}

const System* find_system(std::string_view name) {
    const auto found = std::ranges::find(systems(), name, &System::name);
    return found == systems().end() ? nullptr : *found;
}

const projections::Views& views() {
    static const auto all = [] {
        projections::Views views;
        projections::add_shared_views(views);
        for (const auto* system : systems()) system->add_views(views);
        return views;
    }();
    return all;
}

People people() {
    static const auto all = [] {
        std::vector<PersonKind> kinds;
        for (const auto* system : systems())
            for (auto kind : system->people) {
                kind.system = system->name();
                kinds.push_back(kind);
            }
        return kinds;
    }();
    return all;
}

server::ConfigKeys settings() {
    static const auto all = [] {
        std::vector<server::ConfigKey> keys;
        std::ranges::copy(server::platform_keys(), std::back_inserter(keys));
        for (const auto* system : systems())
            if (system->settings) std::ranges::copy(system->settings(), std::back_inserter(keys));
        return keys;
    }();
    return all;
}

const server::Platform& server_platform() {
    static const auto rules = [] {
        std::vector<server::SystemRules> all;
        for (const auto* system : systems()) all.push_back(system->rules);
        return all;
    }();
    static const server::Platform platform{rules, views(), people()};
    return platform;
}

const tools::Platform& tools_platform() {
    static const auto audited = [] {
        auto all = tools::shared_systems();
        for (const auto* system : systems()) all.push_back(system->audit());
        return all;
    }();
    static const tools::Platform platform{views(), audited, people(), settings()};
    return platform;
}

std::span<const std::string_view> all_personal_streams() {
    static const auto all = [] {
        std::vector<std::string_view> categories{payment::Contract::category};
        for (const auto& view : views())
            if (const auto subject = view->subject(); !subject.category.empty())
                categories.push_back(subject.category);
        for (const auto* system : systems())
            std::ranges::copy(system->personal_streams, std::back_inserter(categories));
        return categories;
    }();
    return all;
}

api::AccessTable access_table(const std::optional<std::string>& at_root) {
    api::AccessTable table;
    table.add(api::platform_access());
    for (const auto* system : systems()) {
        table.add(system->access, "/" + std::string{system->name()}, system->staff);
        if (at_root == system->name()) table.add(system->access, "", system->staff);
    }
    return table;
}

demo::Scripts scripts() {
    static const auto all = [] {
        std::vector<const demo::Script*> scripts;
        for (const auto* system : systems()) scripts.push_back(system->demo);
        return scripts;
    }();
    return all;
}

}  // namespace yeyak::program
