// "Which business is under way, and how far is it?" One row for each saga of any system, as it
// stood after its newest step: GET /sagas.
#pragma once
#include "aggregates/engine/saga_step.h"
#include "projections/runner/projector.h"

namespace yeyak::projections {

struct SagaRow {
    std::string id;      // its stream: prereservation.checkout-17
    std::string saga;    // prereservation.checkout
    std::string status;  // open, ended
    std::string state;   // as the saga calls it: paying, completed …
    std::int64_t steps = 0;
    std::string last_input;
    std::string correlation_id;  // of the request that it began with
    std::optional<Instant> started_at;
    std::optional<Instant> changed_at;
};
BOOST_DESCRIBE_STRUCT(SagaRow, (),
                      (id, saga, status, state, steps, last_input, correlation_id, started_at,
                       changed_at))

struct SagaStepped {
    std::string stream;
    std::string correlation_id;
    SagaStepRecord step;
    std::string state;
};

struct Sagas {
    static constexpr std::string_view name = "sagas";
    static constexpr std::string_view context = "sagas";
    static constexpr std::uint32_t version = 2;
    static constexpr Subject subject{"id", ""};
    using Row = SagaRow;

    // Steps are known by their type, whatever system they are of. Nothing for other events, nor
    // for those of free streams.
    static std::expected<std::optional<SagaStepped>, JsonError> read(
        const eventstore::RecordedEvent& recorded);
    static std::optional<std::string> key(const SagaStepped& e) { return e.stream; }
    static std::vector<std::string> categories_of(std::string_view key) {
        return {std::string{eventstore::category_of(key)}};
    }
    static void apply(Row& row, const SagaStepped& e, Instant at);
    static bool cancelled(const Row&) { return false; }
    static std::vector<IndexValue> indexes(const Row& row);
};

}  // namespace yeyak::projections
