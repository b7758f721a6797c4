// One day: who has a place, and who gave theirs up. Never more than its capacity are taken.
#pragma once
#include "aggregates/vaccination/slot_contract.h"
#include "kernel/decider.h"

namespace yeyak::vaccination {

struct Places {
    std::vector<std::int64_t> taken;  // numbers of reservations, ascending
    std::vector<std::int64_t> freed;  // ascending; these never come back
};
using SlotState = std::variant<Places>;

enum class SlotRejection { date_not_available, place_given_up };
BOOST_DESCRIBE_ENUM(SlotRejection, date_not_available, place_given_up)

struct Slot : SlotContract, Answers<SlotEvent, SlotRejection> {
    using State = SlotState;
    using Command = SlotCommand;
    using Event = SlotEvent;
    using Rejection = SlotRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<Slot>);

}  // namespace yeyak::vaccination
