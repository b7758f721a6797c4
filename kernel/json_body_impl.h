// The tables of what only bodies hold. Included where bodies are made, and by nothing else.
#pragma once
#include <array>
#include <utility>
#include <variant>

#include "kernel/json_body.h"
#include "kernel/json_impl.h"

namespace yeyak {

namespace json_detail {

template <>
struct TableOf<JsonText> : Plain<Kind::any> {};

template <class... T>
struct TableOf<std::variant<T...>> {
    using Choice = std::variant<T...>;
    static constexpr std::array<const TypeTable*, sizeof...(T)> alternatives{&table<T>...};

    static void* choose(void* choice, std::size_t number) {
        void* chosen = nullptr;
        const auto make = [&]<std::size_t... i>(std::index_sequence<i...>) {
            ((i == number ? void(chosen = &static_cast<Choice*>(choice)->template emplace<i>())
                          : void()),
             ...);
        };
        make(std::index_sequence_for<T...>{});
        return chosen;
    }
    static std::size_t chosen(const void* choice) {
        return static_cast<const Choice*>(choice)->index();
    }
    static const void* at(const void* choice, std::size_t) {
        return std::visit([](const auto& held) -> const void* { return &held; },
                          *static_cast<const Choice*>(choice));
    }
    static constexpr TypeTable make() {
        return {.kind = Kind::choice,
                .at = at,
                .alternatives = alternatives,
                .choose = choose,
                .chosen = chosen};
    }
};

template <class T>
struct TableOf<Others<T>> {
    static auto& members(const void* others) {
        return static_cast<const Others<T>*>(others)->members;
    }
    static void* add_named(void* others, std::string_view name) {
        auto& all = static_cast<Others<T>*>(others)->members;
        return &all.emplace_back(std::string{name}, T{}).value;
    }
    static const void* at(const void* others, std::size_t index) {
        const auto& all = members(others);
        return index < all.size() ? &all[index].value : nullptr;
    }
    static std::string_view name_at(const void* others, std::size_t index) {
        return members(others)[index].name;
    }
    static constexpr TypeTable make() {
        return {.kind = Kind::others,
                .inner = &table<T>,
                .at = at,
                .add_named = add_named,
                .name_at = name_at};
    }
};

}  // namespace json_detail
}  // namespace yeyak
