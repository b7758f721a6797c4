// Runs one kind of saga for the engine: hears the events of its sources, finds which saga is meant,
// lets it react, and records the step in the saga's own stream together with what it sent. Included
// where a system is registered. kernel/saga.h says what a saga declares.
#pragma once
#include <fmt/format.h>

#include <boost/describe/enum_to_string.hpp>

#include "aggregates/engine/host.h"
#include "aggregates/engine/saga_step.h"
#include "aggregates/engine/unit.h"
#include "eventstore/lru_map.h"
#include "kernel/ensure.h"
#include "kernel/events.h"
#include "kernel/saga.h"

namespace yeyak {

template <class S>
class SagaHost final : public SagaHostBase {
  public:
    using State = typename S::State;
    using Input = typename S::Input;
    static constexpr std::size_t max_cached = 50'000;
    static constexpr bool has_timeouts = !std::same_as<typename S::Timeout, NoTimeout>;

    std::string_view category() const override { return S::category; }
    std::string_view context() const override { return S::context; }
    std::vector<std::string_view> sources() const override {
        return std::apply([](auto... c) { return std::vector{decltype(c)::category...}; },
                          typename S::Sources{});
    }

    bool wants(const Raised& raised) const override { return bool{address(raised)}; }

    void offer(Unit& unit, const Raised& raised) override {
        auto addressed = address(raised);
        ensure(addressed.has_value(), "only what a saga wants is offered to it");
        take(unit, addressed->id, addressed->input,
             fmt::format("{}@{}", raised.stream, raised.version), raised.cause, false);
    }

    void refused(Unit& unit, const std::string& id, const Refused& refusal,
                 const Cause& cause) override {
        take(unit, id, Input{refusal}, "", cause, false);
    }

    std::expected<void, JsonError> timeout(Unit& unit, const std::string& id, std::string_view type,
                                           std::string_view json, const Cause& cause) override {
        if constexpr (has_timeouts) {
            auto said = decode_event<typename S::Timeout>(type, json);
            if (!said) return std::unexpected(std::move(said).error());
            auto input = std::visit([](auto& timeout) { return Input{std::move(timeout)}; }, *said);
            take(unit, id, input, cause.causation_id, cause, true);
            return {};
        }
        return std::unexpected(
            JsonError{"unknown_event", "", fmt::format("{} sets no timers", S::category)});
    }

    Verdict operate(Unit& unit, const std::string& id, SagaOrder order,
                    const Cause& cause) override {
        Verdict verdict;
        verdict.stream = stream_of(S::category, id);
        if (unit.head(verdict.stream) == 0) {
            verdict.ended = Ended::refused;
            verdict.refusal = "saga_not_found";
            return verdict;
        }
        Cached& cached = load(unit, verdict.stream);
        auto step = ordered(cached.state, order, unit.now());
        verdict.version = cached.version;
        if (step.nothing) {
            verdict.ended = Ended::refused;
            verdict.refusal = "nothing_to_do";
            return verdict;
        }
        record(unit, id, fmt::format("operator_{}", name_of(order)), "", cause, std::move(step));
        ++verdict.version;
        return verdict;
    }

    std::expected<SagaOutlook, JsonError> outlook(std::string_view payload, SagaOrder order,
                                                  Instant now) const override {
        const auto state = decode_saga_state<State>(payload);
        if (!state) return std::unexpected(state.error());
        auto step = ordered(*state, order, now);
        return SagaOutlook{!step.nothing, std::string{type_of(step.next)}, std::move(step.sends)};
    }

  private:
    static_assert(S::type.find("_stepped.v") != std::string_view::npos,
                  "the steps of all sagas are found by their type: *_stepped.v1");

    static std::string_view name_of(SagaOrder order) {
        return boost::describe::enum_to_string(order, "");
    }

    static typename S::Step ordered(const State& state, SagaOrder order, Instant now) {
        if (order == SagaOrder::compensate) return S::compensate(state, now);
        auto sends = S::retry(state);
        const bool nothing = sends.empty();
        return {.next = state, .sends = std::move(sends), .nothing = nothing};
    }

    struct Addressed {
        std::string id;
        Input input;
    };
    struct Cached {
        State state{};
        eventstore::Version version = 0;
    };

    // Which saga the event is for, and as what; nothing when no saga of this kind reacts to it.
    static std::optional<Addressed> address(const Raised& raised) {
        std::optional<Addressed> found;
        const auto from = [&]<class Contract>(Contract) {
            if (found || raised.category != Contract::category) return;
            std::visit(
                [&]<class E>(const E& event) {
                    if constexpr (is_alternative<E, Input>) {
                        if (auto id = S::route(event)) found.emplace(*std::move(id), Input{event});
                    }
                },
                *std::any_cast<typename Contract::Event>(&raised.event));
        };
        std::apply([&](auto... contract) { (from(contract), ...); }, typename S::Sources{});
        return found;
    }

    Cached& load(Unit& unit, const std::string& stream) {
        auto& store = unit.store();
        const auto head = unit.head(stream);
        Cached* known = cache_.find(stream);
        if (!known) known = &cache_.put(stream, {});
        if (known->version == head) return *known;
        eventstore::StreamQuery newest;
        newest.stream = stream;
        newest.from = 0;
        newest.direction = eventstore::Direction::backward;
        newest.max_events = 1;
        const auto page = store.read_stream(newest);
        ensure(page && page->events.size() == 1, "a saga's stream can be read");
        auto state = decode_saga_state<State>(page->events.front()->data.payload);
        ensure(state.has_value(), "a saga step that was written can be read");
        known->state = *std::move(state);
        known->version = page->events.front()->version;
        ensure(known->version == head, "the saga's state is as new as the log");
        return *known;
    }

    void take(Unit& unit, const std::string& id, const Input& input, const std::string& input_id,
              const Cause& cause, bool always_recorded) {
        const auto stream = stream_of(S::category, id);
        Cached& cached = load(unit, stream);
        auto step = S::react(cached.state, input, unit.now());
        if (step.nothing && !always_recorded) return;
        record(unit, id, std::string{type_of(input)}, input_id, cause, std::move(step));
    }

    // Writes a step down and does what it says.
    void record(Unit& unit, const std::string& id, std::string input, const std::string& input_id,
                const Cause& cause, typename S::Step step) {
        const auto stream = stream_of(S::category, id);
        Cached& cached = load(unit, stream);
        SagaStepRecord written;
        written.input = std::move(input);
        written.input_id = input_id;
        for (const auto& sent : step.sends) written.sent.push_back(unit.describe(sent));
        for (const auto& timer : step.timers) written.timers.push_back(timer.due);
        written.ended = S::ended(step.next);
        eventstore::NewEvent data;
        data.type = S::type;
        data.payload = encode_saga_step(written, step.next);
        data.correlation_id = cause.correlation_id;
        data.causation_id = cause.causation_id;
        data.actor = cause.actor;
        unit.record(stream, cached.version, std::move(data));
        cached.state = std::move(step.next);
        ++cached.version;
        const auto step_id = fmt::format("{}@{}", stream, cached.version);
        const Cause next{cause.correlation_id, step_id, cause.actor};
        for (auto& sent : step.sends) unit.send_from(S::category, id, std::move(sent), next);
        if constexpr (has_timeouts) {
            for (const auto& timer : step.timers)
                unit.add_timer(step_id, {timer.due, std::string{S::category}, id,
                                         std::string{type_of(timer.say)}, encode_event(timer.say),
                                         cause.correlation_id, cause.actor});
        }
    }

    LruMap<Cached> cache_{max_cached};
};

}  // namespace yeyak
