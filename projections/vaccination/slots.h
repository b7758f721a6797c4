// How many places of a day are taken: what POST /user/date looks up.
#pragma once
#include "aggregates/vaccination/slot_contract.h"
#include "kernel/saga.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct SlotRow {
    std::string id;  // the day
    std::optional<Date> date;
    std::int64_t taken = 0;
};
BOOST_DESCRIBE_STRUCT(SlotRow, (), (id, date, taken))

struct Slots {
    static constexpr std::string_view name = "vaccination.slots";
    static constexpr std::string_view context = "reservation";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{};  // about nobody
    using Sources = Contracts<vaccination::SlotContract>;
    using Row = SlotRow;

    template <class E>
    static std::optional<std::string> key(const E& event) {
        return to_text(event.date);
    }
    static void apply(Row& row, const vaccination::PlaceTaken& e, Instant at);
    static void apply(Row& row, const vaccination::PlaceFreed& e, Instant at);
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row&) { return {}; }
};

}  // namespace yeyak::projections
