#include "aggregates/engine/contexts.h"
#include "aggregates/engine/engine.h"
#include "aggregates/engine/pending.h"
#include "aggregates/engine/saga_step_impl.h"

namespace yeyak {

YEYAK_INSTANTIATE_JSON(PendingEffect)
YEYAK_INSTANTIATE_JSON(PendingTimer)
YEYAK_INSTANTIATE_JSON(PendingMessage)
YEYAK_INSTANTIATE_JSON(IdempotencyRecord)
YEYAK_INSTANTIATE_JSON(Snapshot)
YEYAK_INSTANTIATE_JSON(ContextSetting)
YEYAK_INSTANTIATE_JSON(SagaStepRecord)

std::expected<SagaSummary, JsonError> saga_summary(std::string_view payload) {
    const auto document = json_detail::parse_document(payload);
    if (!document) return std::unexpected(document.error());
    SagaSummary summary;
    std::string_view state;
    if ((*document)["state"].get_string().get(state) != simdjson::SUCCESS ||
        (*document)["ended"].get_bool().get(summary.ended) != simdjson::SUCCESS)
        return std::unexpected(JsonError{"missing_field", "state", "a saga step has a state"});
    summary.state = state;
    return summary;
}

}  // namespace yeyak
