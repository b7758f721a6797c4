// Building blocks for the description of a system: its events and its sagas, by their types.
#pragma once
#include "aggregates/engine/saga_step.h"
#include "aggregates/kernel/events.h"
#include "replay-tools/audit/systems/systems.h"

namespace yeyak::tools {

template <class Contract>
AuditedCategory category() {
    return {Contract::category,
            [](std::string_view type, std::string_view payload) -> std::expected<void, JsonError> {
                auto event = decode_event<typename Contract::Event>(type, payload);
                if (!event) return std::unexpected(std::move(event).error());
                return {};
            }};
}

template <class Saga>
AuditedSaga saga(std::vector<std::string_view> patient = {}) {
    return {Saga::category,
            [](std::string_view type, std::string_view payload) -> std::expected<void, JsonError> {
                if (type != Saga::type)
                    return std::unexpected(
                        JsonError{"unknown_event", "", "no step of this saga is named so"});
                auto record = from_json<SagaStepRecord>(payload);
                if (!record) return std::unexpected(std::move(record).error());
                auto state = decode_saga_state<typename Saga::State>(payload);
                if (!state) return std::unexpected(std::move(state).error());
                return {};
            },
            std::move(patient)};
}

}  // namespace yeyak::tools
