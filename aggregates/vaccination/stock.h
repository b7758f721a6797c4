// The doses of one type of vaccine. A reservation gets one dose of it at most, ever: what was
// refused, released or used up does not come again, however often it is asked for.
#pragma once
#include "aggregates/vaccination/stock_contract.h"
#include "kernel/decider.h"

namespace yeyak::vaccination {

struct Shelf {
    static constexpr std::string_view type = "shelf";
    std::int64_t available = 0;
    std::vector<std::int64_t> deliveries;  // ascending, as are
    std::vector<std::int64_t> held;        // reservations with a dose put aside,
    std::vector<std::int64_t> ended;       // and those that are through with this type
};
BOOST_DESCRIBE_STRUCT(Shelf, (), (available, deliveries, held, ended))
using StockState = std::variant<Shelf>;

enum class StockRejection { dose_not_held };
BOOST_DESCRIBE_ENUM(StockRejection, dose_not_held)

struct Stock : StockContract, Answers<StockEvent, StockRejection> {
    static constexpr std::size_t snapshot_every = 1000;
    using State = StockState;
    using Command = StockCommand;
    using Event = StockEvent;
    using Rejection = StockRejection;

    static Decision<Event, Rejection> decide(const State& state, const Command& command);
    static State evolve(const State& state, const Event& event);
};
static_assert(Decider<Stock>);

}  // namespace yeyak::vaccination
