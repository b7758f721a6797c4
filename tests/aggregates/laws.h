// What the tests of a decider's laws are made of: random histories, and what must hold for each.
#pragma once
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "kernel/decider.h"
#include "kernel/events.h"

namespace yeyak::tests {

// A state as text: how it came about is told by what it answers to every command.
template <class D>
std::string behaviour(const typename D::State& state,
                      const std::vector<typename D::Command>& commands) {
    std::string text = std::to_string(state.index());
    for (const auto& command : commands) {
        const auto decision = D::decide(state, command);
        text += '|';
        if (!decision) text += "no " + std::to_string(static_cast<int>(decision.error()));
        if (decision)
            for (const auto& event : *decision) text += encode_event(event);
    }
    return text;
}

// Runs a random history; each step is an index into `commands`.
template <class D, class Check>
std::vector<typename D::Event> live(const std::vector<typename D::Command>& commands, Check check) {
    const auto steps = *rc::gen::container<std::vector<std::size_t>>(
        rc::gen::inRange<std::size_t>(0, commands.size()));
    std::vector<typename D::Event> history;
    typename D::State state{};
    for (const auto step : steps) {
        const auto decision = D::decide(state, commands[step]);
        if (!decision) continue;
        for (const auto& event : *decision) {
            const auto before = state;
            state = D::evolve(state, event);
            history.push_back(event);
            check(before, state, event);
        }
        const auto again = D::decide(state, commands[step]);
        RC_ASSERT((!again || again->empty()));
    }
    const auto whole = behaviour<D>(fold<D>(history), commands);
    RC_ASSERT(whole == behaviour<D>(state, commands));
    const auto cut = *rc::gen::inRange<std::size_t>(0, history.size() + 1);
    const auto middle = history.begin() + static_cast<std::ptrdiff_t>(cut);
    const std::vector<typename D::Event> prefix(history.begin(), middle);
    const std::vector<typename D::Event> suffix(middle, history.end());
    RC_ASSERT(behaviour<D>(fold<D>(suffix, fold<D>(prefix)), commands) == whole);
    return history;
}

template <class E, class Event>
std::ptrdiff_t count(const std::vector<Event>& events) {
    return std::ranges::count_if(
        events, [](const auto& event) { return std::holds_alternative<E>(event); });
}

// Any events in any order: also such as no rule would ever let happen.
template <class D>
void total(const std::vector<typename D::Event>& samples) {
    const auto picks = *rc::gen::container<std::vector<std::size_t>>(
        rc::gen::inRange<std::size_t>(0, samples.size()));
    typename D::State state{};
    for (const auto pick : picks) {
        state = D::evolve(state, samples[pick]);
        if constexpr (requires { D::after(state, samples[pick]); }) {
            const auto outputs = D::after(state, samples[pick]);
            RC_ASSERT(outputs.effects.size() + outputs.timers.size() <= 1u);
        }
    }
}

}  // namespace yeyak::tests
