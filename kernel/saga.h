// A saga in values: react(state, input, now) -> next state, commands to send, timers to set. Its
// stream is its inbox and outbox: every step is recorded there with the input that caused it, what
// it sent and the whole next state, so the newest step is the state and the stream is the timeline.
//
// A saga declares
//   static constexpr std::string_view category, context, type;   // `type` of its recorded steps
//   using Sources = Contracts<A::Contract, B::Contract>;         // whose events it hears
//   using Input = std::variant<...>;      // the events it reacts to, its timeouts, and Refused
//   using Timeout = std::variant<...>;    // what its timers say when they are due, or NoTimeout
//   using State = std::variant<...>;      // alternatives have a `type`; the first is "not begun"
//   static std::optional<std::string> route(const E& event);     // for every event: which saga
//   static Step react(const State&, const Input&, Instant now);
//   static bool ended(const State&);
// and for operators, who see every saga (GET /sagas):
//   static std::vector<Send> retry(const State&);            // what the state still waits for
//   static Step compensate(const State&, Instant now);       // what undoing it now would do
// Receivers take a command that comes again as done. compensate() answers `nothing` when there is
// nothing to undo.
// An input for which react() neither changes the state nor sends anything leaves no trace, except a
// timer: one that fires late is recorded and does nothing.
#pragma once
#include <concepts>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "kernel/message.h"
#include "kernel/time.h"

namespace yeyak {

template <class... C>
using Contracts = std::tuple<C...>;

template <class T, class Variant>
constexpr bool is_alternative = false;
template <class T, class... A>
constexpr bool is_alternative<T, std::variant<A...>> = (std::same_as<T, A> || ...);

// The Timeout of a saga that sets no timers.
using NoTimeout = std::monostate;

template <class Timeout>
struct TimerRequest {
    Instant due;
    Timeout say;
};

template <class State, class Timeout>
struct SagaStep {
    State next;
    std::vector<Send> sends = {};
    std::vector<TimerRequest<Timeout>> timers = {};
    bool nothing = false;  // late or repeated: no trace
};

}  // namespace yeyak
