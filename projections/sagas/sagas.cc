#include "projections/sagas/sagas.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::SagaRow)
}

namespace yeyak::projections {

std::expected<std::optional<SagaStepped>, JsonError> Sagas::read(
    const eventstore::RecordedEvent& recorded) {
    if (!is_saga_step(recorded.stream, recorded.data.type)) return std::nullopt;
    auto step = from_json<SagaStepRecord>(recorded.data.payload);
    if (!step) return std::unexpected(std::move(step).error());
    auto summary = saga_summary(recorded.data.payload);
    if (!summary) return std::unexpected(std::move(summary).error());
    return SagaStepped{recorded.stream, recorded.data.correlation_id, *std::move(step),
                       std::move(summary->state)};
}

void Sagas::apply(Row& row, const SagaStepped& e, Instant at) {
    if (row.steps == 0) {
        row.id = e.stream;
        row.saga = eventstore::category_of(e.stream);
        row.correlation_id = e.correlation_id;
        row.started_at = at;
    }
    row.status = e.step.ended ? "ended" : "open";
    row.state = e.state;
    ++row.steps;
    row.last_input = e.step.input;
    row.changed_at = at;
}

std::vector<IndexValue> Sagas::indexes(const Row& row) {
    return {{"saga", row.saga}, {"state", row.state}, {"status", row.status}};
}

}  // namespace yeyak::projections
