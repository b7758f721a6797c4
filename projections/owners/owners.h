// "What did somebody begin?" One row for each stream of a system that was begun by whoever asked
// for something, and not by what followed from it: so that the rows of one customer are found among
// those of a million others (api/access/own_keys.h).
#pragma once
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct OwnerRow {
    std::string id;     // the stream: prereservation.reservation-17
    std::string owner;  // the actor of its first event
    std::optional<Instant> began_at;
};
BOOST_DESCRIBE_STRUCT(OwnerRow, (), (id, owner, began_at))

struct StreamBegun {
    std::string stream;
    std::string actor;
};

struct Owners {
    static constexpr std::string_view name = "owners";
    static constexpr std::string_view context = "owners";
    static constexpr std::uint32_t version = 1;
    static constexpr Subject subject{"id", ""};
    using Row = OwnerRow;

    // Nothing for later events, for streams that an event or a timer led to, and for free streams.
    static std::expected<std::optional<StreamBegun>, JsonError> read(
        const eventstore::RecordedEvent& recorded);
    static std::optional<std::string> key(const StreamBegun& e) { return e.stream; }
    static std::vector<std::string> categories_of(std::string_view key) {
        return {std::string{eventstore::category_of(key)}};
    }
    static void apply(Row& row, const StreamBegun& e, Instant at) { row = {e.stream, e.actor, at}; }
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row) { return {{"owner", row.owner}}; }
};

}  // namespace yeyak::projections
