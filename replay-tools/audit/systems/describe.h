// Building blocks for the description of a system: its events and its sagas, by their types.
#pragma once
#include "aggregates/engine/saga_step.h"
#include "kernel/events.h"
#include "kernel/rewrite.h"
#include "replay-tools/audit/systems/systems.h"

namespace yeyak::tools {

template <class T>
void add_types(std::vector<EventType>& types, std::string_view newest) {
    types.push_back({T::type, newest});
    if constexpr (requires { typename T::Former; }) add_types<typename T::Former>(types, newest);
}

template <class Event>
std::vector<EventType> types_of() {
    std::vector<EventType> types;
    [&]<class... T>(std::type_identity<std::variant<T...>>) {
        (add_types<T>(types, T::type), ...);
    }(std::type_identity<Event>{});
    return types;
}

template <class Contract>
AuditedCategory category() {
    using Event = typename Contract::Event;
    return {Contract::category,
            [](std::string_view type, std::string_view payload) -> std::expected<void, JsonError> {
                auto event = decode_event<Event>(type, payload);
                if (!event) return std::unexpected(std::move(event).error());
                return {};
            },
            rewrite_event<Event>, types_of<Event>()};
}

// A step that is read and written again; as it was when its state has a newer shape now.
template <class Saga>
std::expected<std::string, JsonError> rewrite_step(std::string_view type,
                                                   std::string_view payload) {
    if (type != Saga::type)
        return std::unexpected(JsonError{"unknown_event", "", "no step of this saga is named so"});
    auto record = from_json<SagaStepRecord>(payload);
    if (!record) return std::unexpected(std::move(record).error());
    auto state = decode_saga_state<typename Saga::State>(payload);
    if (!state) return std::unexpected(std::move(state).error());
    const auto summary = saga_summary(payload);
    if (summary && summary->state != type_of(*state)) return std::string{payload};
    return encode_saga_step(*record, *state);
}

// All but the first one, "not begun", which is never recorded.
template <class State>
std::vector<std::string_view> states_of() {
    return []<class NotBegun, class... T>(std::type_identity<std::variant<NotBegun, T...>>) {
        return std::vector<std::string_view>{T::type...};
    }(std::type_identity<State>{});
}

template <class Saga>
AuditedSaga saga(std::vector<std::string_view> patient = {}) {
    return {Saga::category,
            Saga::type,
            [](std::string_view type, std::string_view payload) -> std::expected<void, JsonError> {
                auto step = rewrite_step<Saga>(type, payload);
                if (!step) return std::unexpected(std::move(step).error());
                return {};
            },
            rewrite_step<Saga>,
            states_of<typename Saga::State>(),
            std::move(patient)};
}

}  // namespace yeyak::tools
