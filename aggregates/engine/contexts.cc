#include "aggregates/engine/contexts.h"

#include "kernel/ensure.h"

namespace yeyak {

void Contexts::add(std::string_view name) {
    const std::lock_guard lock{mutex_};
    settings_.try_emplace(std::string{name});
}

bool Contexts::known(std::string_view name) const {
    const std::lock_guard lock{mutex_};
    return settings_.contains(name);
}

ContextSetting Contexts::get(std::string_view name) const {
    const std::lock_guard lock{mutex_};
    const auto found = settings_.find(name);
    ensure(found != settings_.end(), "a context is registered before it is asked for");
    return found->second;
}

bool Contexts::is_up(std::string_view name) const { return get(name).state == ContextState::up; }

void Contexts::set(std::string_view name, ContextSetting setting) {
    const std::lock_guard lock{mutex_};
    const auto found = settings_.find(name);
    ensure(found != settings_.end(), "a context is registered before it is set");
    found->second = std::move(setting);
}

std::vector<std::pair<std::string, ContextSetting>> Contexts::all() const {
    const std::lock_guard lock{mutex_};
    return {settings_.begin(), settings_.end()};
}

}  // namespace yeyak
