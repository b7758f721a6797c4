// match(state, command)(rule, rule, ...): one lambda is one rule, and a pair that nobody wrote does
// not compile. match<R>(...) converts the result of every rule to R.
//
// A rule for several of them names each: (const Paid&, const AnyOf<OrderPaid, OrderShipped> auto&).
// `const auto&` would take those, too, that somebody adds later; for both sides of a pair it is
// refused (tests/tidy), except in sagas, which hear much that is not for them.
#pragma once
#include <concepts>
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

template <class T, class... Types>
concept AnyOf = (std::same_as<T, Types> || ...);

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
