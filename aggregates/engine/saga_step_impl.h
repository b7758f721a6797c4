// The templates of saga_step.h; included by the codec.cc of a saga.
#pragma once
#include "aggregates/engine/saga_step.h"
#include "kernel/json_impl.h"

namespace yeyak {

template <class State>
std::string encode_saga_step(const SagaStepRecord& record, const State& state) {
    std::string out = to_json(record);
    out.pop_back();  // the closing brace: state and data follow in the same object
    out += ",\"state\":\"";
    out += type_of(state);
    out += "\",\"data\":";
    out += encode_event(state);
    out += '}';
    return out;
}

template <class State>
std::expected<State, JsonError> decode_saga_state(std::string_view payload) {
    const auto document = json_detail::parse_document(payload);
    if (!document) return std::unexpected(document.error());
    std::string_view name;
    simdjson::dom::element data;
    if ((*document)["state"].get_string().get(name) != simdjson::SUCCESS ||
        (*document)["data"].get(data) != simdjson::SUCCESS)
        return std::unexpected(JsonError{"missing_field", "state", "a saga step has a state"});
    // The parser's buffers are reused by decode_event(): what it reads is copied first.
    const std::string type{name};
    const std::string text{simdjson::minify(data)};
    return decode_event<State>(type, text);
}

}  // namespace yeyak
