// The three values a business rule is made of, after the decider pattern:
//   decide(state, command) -> events or a rejection      pure, may refuse
//   evolve(state, event)   -> state                      pure, cannot fail: it already happened
//   State{}                                              before the first event
// A decider that also waits declares `after(state, event)`: the effects to carry out and the timers
// to set once the event is durable. Nothing here knows of storage, sockets or clocks.
#pragma once
#include <concepts>
#include <expected>
#include <utility>
#include <variant>
#include <vector>

namespace yeyak {

// Either the facts that follow from a command (none: it is already so), or why it is refused.
template <class Event, class Rejection>
using Decision = std::expected<std::vector<Event>, Rejection>;

// The three things a rule can say.
template <class Event, class Rejection>
struct Answers {
    template <class... E>
    static Decision<Event, Rejection> accept(E... events) {
        std::vector<Event> facts;
        facts.reserve(sizeof...(events));
        (facts.emplace_back(std::move(events)), ...);
        return facts;
    }
    static Decision<Event, Rejection> unchanged() { return std::vector<Event>{}; }
    static Decision<Event, Rejection> refuse(Rejection why) { return std::unexpected(why); }
};

template <class D>
concept Decider = std::default_initializable<typename D::State> &&
                  requires(const typename D::State& state, const typename D::Command& command,
                           const typename D::Event& event) {
                      {
                          D::decide(state, command)
                      } -> std::same_as<Decision<typename D::Event, typename D::Rejection>>;
                      { D::evolve(state, event) } -> std::same_as<typename D::State>;
                  };

template <class D, class Events>
typename D::State fold(const Events& events, typename D::State state = {}) {
    for (const auto& event : events) state = D::evolve(state, event);
    return state;
}

}  // namespace yeyak
