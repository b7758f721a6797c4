// What a view is made of, at compile time: how many sources, and of which categories. Pure.
#pragma once
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "eventstore/event.h"
#include "kernel/saga.h"

namespace yeyak::projections {

template <class V>
inline constexpr bool reads_itself =
    requires(const eventstore::RecordedEvent& recorded) { V::read(recorded); };

template <class V>
inline constexpr std::size_t source_count = [] {
    if constexpr (reads_itself<V>)
        return std::size_t{1};
    else
        return std::tuple_size_v<typename V::Sources>;
}();

// Categories of the events that can concern the view, or the row of `key` when it is not empty;
// none: any.
template <class V>
std::vector<std::string> categories_of_view(std::string_view key) {
    std::vector<std::string> categories;
    if constexpr (requires { V::categories_of(key); }) {
        if (!key.empty()) categories = V::categories_of(key);
    } else if constexpr (!reads_itself<V>) {
        std::apply(
            [&](auto... contract) { (categories.emplace_back(decltype(contract)::category), ...); },
            typename V::Sources{});
    }
    return categories;
}

}  // namespace yeyak::projections
