// The templates of saga_step.h; included by the codec.cc of a saga.
#pragma once
#include "aggregates/engine/saga_step.h"
#include "kernel/json_impl.h"

namespace yeyak {

template <class State>
std::string encode_saga_step(const SagaStepRecord& record, const State& state) {
    return join_saga_step(record, type_of(state), encode_event(state));
}

template <class State>
std::expected<State, JsonError> decode_saga_state(std::string_view payload) {
    const auto state = saga_state_text(payload);
    if (!state) return std::unexpected(state.error());
    return decode_event<State>(state->type, state->data);
}

}  // namespace yeyak
