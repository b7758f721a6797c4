// match(state, command)(rule, rule, ...): one lambda is one rule, and a pair that nobody wrote does
// not compile. match<R>(...) converts the result of every rule to R.
#pragma once
#include <type_traits>
#include <utility>
#include <variant>

namespace yeyak {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

template <class R = void, class... Variants>
constexpr auto match(const Variants&... variants) {
    return [&](auto&&... cases) -> decltype(auto) {
        Overloaded rules{std::forward<decltype(cases)>(cases)...};
        if constexpr (std::is_void_v<R>)
            return std::visit(rules, variants...);
        else
            return std::visit<R>(rules, variants...);
    };
}

}  // namespace yeyak
