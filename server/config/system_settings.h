// The settings of the business systems. Each system has a struct of its own, with its defaults,
// which only it and the list in the program know by name. A plain value; no threads.
#pragma once
#include <algorithm>
#include <any>
#include <map>
#include <typeindex>

namespace yeyak::server {

class SystemSettings {
  public:
    template <class T>
    T& of() {
        auto& held = all_[typeid(T)];
        if (!held.value.has_value()) held = {T{}, &are_equal<T>};
        return std::any_cast<T&>(held.value);
    }
    // As its defaults say while nothing was set.
    template <class T>
    const T& of() const {
        static const T fresh;
        const auto found = all_.find(typeid(T));
        return found == all_.end() ? fresh : std::any_cast<const T&>(found->second.value);
    }

    friend bool operator==(const SystemSettings& a, const SystemSettings& b) {
        return a.agrees_with(b) && b.agrees_with(a);
    }

  private:
    struct Held {
        std::any value;
        bool (*equal)(const std::any& value, const SystemSettings& other) = nullptr;
    };
    template <class T>
    static bool are_equal(const std::any& value, const SystemSettings& other) {
        return std::any_cast<const T&>(value) == other.of<T>();
    }
    bool agrees_with(const SystemSettings& other) const {
        return std::ranges::all_of(
            all_, [&](const auto& held) { return held.second.equal(held.second.value, other); });
    }

    std::map<std::type_index, Held> all_;
};

}  // namespace yeyak::server
