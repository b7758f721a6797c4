#include "aggregates/engine/contexts.h"
#include "aggregates/engine/engine.h"
#include "aggregates/engine/pending.h"
#include "aggregates/engine/saga_step.h"
#include "eventstore/event.h"
#include "kernel/json_impl.h"
#include "kernel/json_parse.h"

namespace yeyak {

YEYAK_INSTANTIATE_JSON(PendingEffect)
YEYAK_INSTANTIATE_JSON(PendingTimer)
YEYAK_INSTANTIATE_JSON(PendingMessage)
YEYAK_INSTANTIATE_JSON(IdempotencyRecord)
YEYAK_INSTANTIATE_JSON(Snapshot)
YEYAK_INSTANTIATE_JSON(ContextSetting)
YEYAK_INSTANTIATE_JSON(SagaStepRecord)

bool is_saga_step(std::string_view stream, std::string_view type) {
    return eventstore::category_of(stream).contains('.') &&
           type.find("_stepped.v") != std::string_view::npos;
}

std::string join_saga_step(const SagaStepRecord& record, std::string_view type,
                           std::string_view data) {
    std::string out = to_json(record);
    out.pop_back();  // the closing brace: state and data follow in the same object
    out += ",\"state\":\"";
    out += type;
    out += "\",\"data\":";
    out += data;
    out += '}';
    return out;
}

std::expected<SagaStateText, JsonError> saga_state_text(std::string_view payload) {
    const auto document = json_detail::parse_document(payload);
    if (!document) return std::unexpected(document.error());
    std::string_view type;
    simdjson::dom::element data;
    if ((*document)["state"].get_string().get(type) != simdjson::SUCCESS ||
        (*document)["data"].get(data) != simdjson::SUCCESS)
        return std::unexpected(JsonError{"missing_field", "state", "a saga step has a state"});
    return SagaStateText{std::string{type}, std::string{simdjson::minify(data)}};
}

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
