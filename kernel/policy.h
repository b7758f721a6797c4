// A rule without memory: whenever something happens, commands follow. A policy declares
//   static constexpr std::string_view name;      // "market.notices"
//   static constexpr std::string_view context;   // while it is stopped, what happens waits for it
//   using Sources = Contracts<A::Contract, B::Contract>;           // whose events it hears
//   static std::vector<Send> react(const E& event);                // for the events it answers to
// Events without a react() are not for it. The same event gives the same commands, and receivers
// take a repeated command as done; what a receiver refuses, it records itself.
#pragma once
#include <concepts>
#include <string_view>

#include "kernel/message.h"
#include "kernel/saga.h"

namespace yeyak {

template <class P>
concept Policy = requires {
    { P::name } -> std::convertible_to<std::string_view>;
    { P::context } -> std::convertible_to<std::string_view>;
    typename P::Sources;
};

}  // namespace yeyak
