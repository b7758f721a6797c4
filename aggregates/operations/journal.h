// A journal of operations takes every fact: it has no rule and no state.
#pragma once
#include "aggregates/engine/aggregate_host.h"
#include "aggregates/operations/contract.h"

namespace yeyak::operations {

struct Open {
    static constexpr std::string_view type = "open";
    friend bool operator==(const Open&, const Open&) = default;
};
BOOST_DESCRIBE_STRUCT(Open, (), ())
using State = std::variant<Open>;

enum class Rejection { never };
BOOST_DESCRIBE_ENUM(Rejection, never)

struct Journal : Contract, Answers<operations::Event, operations::Rejection> {
    using State = operations::State;
    using Command = operations::Command;
    using Event = operations::Event;
    using Rejection = operations::Rejection;
    // So that a long journal is not read to add to it.
    static constexpr std::size_t snapshot_every = 1000;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<Journal>);

}  // namespace yeyak::operations
