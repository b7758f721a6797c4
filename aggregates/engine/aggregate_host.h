// Runs one kind of aggregate for the engine: finds its state (a bounded cache, a snapshot, or the
// log), lets it decide, folds and records what it decided. Included where a system is registered.
#pragma once
#include <fmt/format.h>

#include <memory>

#include "aggregates/engine/contexts_by_prefix.h"
#include "aggregates/engine/host.h"
#include "aggregates/engine/unit.h"
#include "eventstore/lru_map.h"
#include "kernel/decider.h"
#include "kernel/ensure.h"
#include "kernel/events.h"

namespace yeyak {

// The Effect of a decider that sets timers and asks for nothing else.
struct NoEffect {};

// What a decider asks for after an event; see kernel/decider.h.
template <class D>
struct Outputs {
    std::vector<typename D::Effect> effects = {};
    std::vector<std::pair<Instant, typename D::Command>> timers = {};
};

template <class D>
concept HasOutputs = requires(const typename D::State& state, const typename D::Event& event) {
    { D::after(state, event) } -> std::same_as<Outputs<D>>;
};

// A decider of long streams declares `static constexpr std::size_t snapshot_every` and a state
// whose alternatives are described and have a `type`: after so many events its folded state is
// kept.
template <class D>
concept HasSnapshots = requires {
    { D::snapshot_every } -> std::convertible_to<std::size_t>;
};

// A decider whose contract does not name its contexts is shared by systems that do.
template <class D>
concept NamesContext = requires(std::string_view id) { D::context(id); };

template <Decider D>
class AggregateHost final : public AggregateHostBase {
  public:
    using State = typename D::State;
    using Command = typename D::Command;
    using Event = typename D::Event;
    static constexpr std::size_t max_cached = 50'000;

    AggregateHost()
        requires NamesContext<D>
    = default;
    explicit AggregateHost(ContextsByPrefix contexts)
        requires(!NamesContext<D>)
        : contexts_(std::move(contexts)) {}

    std::string_view category() const override { return D::category; }
    std::string_view context(std::string_view id) const override {
        if constexpr (NamesContext<D>)
            return D::context(id);
        else
            return contexts_.of(id);
    }

    Verdict handle(Unit& unit, const std::string& id, const std::any& command,
                   const Cause& cause) override {
        Verdict verdict;
        verdict.stream = stream_of(D::category, id);
        Cached& cached = load(unit, verdict.stream);
        const auto& typed = *std::any_cast<Command>(&command);
        auto decision = D::decide(cached.state, typed);
        verdict.version = cached.version;
        if (!decision) {
            verdict.ended = Ended::refused;
            verdict.refusal = rejection_code(decision.error());
            return verdict;
        }
        for (auto& event : *decision)
            record(unit, id, verdict.stream, cached, std::move(event), cause);
        verdict.version = cached.version;
        return verdict;
    }

    // As it is now, with the events of the unit at hand. Valid until the unit goes on.
    const State& state(Unit& unit, const std::string& id) {
        return load(unit, stream_of(D::category, id)).state;
    }

    std::string_view command_type(const std::any& command) const override {
        return type_of(*std::any_cast<Command>(&command));
    }
    std::string encode_command(const std::any& command) const override {
        return encode_event(*std::any_cast<Command>(&command));
    }
    std::expected<std::any, JsonError> decode_command(std::string_view type,
                                                      std::string_view json) const override {
        return decode_any<Command>(type, json);
    }
    std::expected<std::any, JsonError> decode_event(std::string_view type,
                                                    std::string_view json) const override {
        return decode_any<Event>(type, json);
    }

  private:
    struct Cached {
        State state{};
        eventstore::Version version = 0;
    };

    template <class Variant>
    static std::expected<std::any, JsonError> decode_any(std::string_view type,
                                                         std::string_view json) {
        auto decoded = yeyak::decode_event<Variant>(type, json);
        if (!decoded) return std::unexpected(std::move(decoded).error());
        return std::any{*std::move(decoded)};
    }

    Cached& load(Unit& unit, const std::string& stream) {
        auto& store = unit.store();
        const auto head = unit.head(stream);
        Cached* known = cache_.find(stream);
        if (!known) known = &cache_.put(stream, from_snapshot(store, stream));
        while (known->version < head) {
            eventstore::StreamQuery query;
            query.stream = stream;
            query.from = known->version + 1;
            const auto page = store.read_stream(query);
            ensure(page && !page->events.empty(), "a stream can be read up to its head");
            for (const auto& recorded : page->events) {
                const auto event =
                    yeyak::decode_event<Event>(recorded->data.type, recorded->data.payload);
                ensure(event.has_value(), "an event that was written can be read");
                known->state = D::evolve(known->state, *event);
                ++known->version;
            }
        }
        ensure(known->version == head, "the folded state is as new as the log");
        return *known;
    }

    static Cached from_snapshot(eventstore::EventStore& store, const std::string& stream) {
        Cached cached;
        if constexpr (HasSnapshots<D>) {
            const auto kept = store.staged_value(eventstore::Table::snapshot, stream);
            if (!kept) return cached;
            const auto snapshot = from_json<Snapshot>(*kept);
            if (!snapshot || snapshot->shape != shape_of<State>()) return cached;
            auto state = yeyak::decode_event<State>(snapshot->type, snapshot->state);
            if (state) cached = {*std::move(state), snapshot->version};
        }
        return cached;
    }

    static void keep_snapshot(Unit& unit, const std::string& stream, const Cached& cached) {
        if constexpr (HasSnapshots<D>) {
            if (cached.version % D::snapshot_every != 0) return;
            const Snapshot snapshot{shape_of<State>(), cached.version,
                                    std::string{type_of(cached.state)}, encode_event(cached.state)};
            unit.write(eventstore::Table::snapshot, stream, to_json(snapshot));
        }
    }

    void record(Unit& unit, const std::string& id, const std::string& stream, Cached& cached,
                Event event, const Cause& cause) {
        eventstore::NewEvent data;
        data.type = type_of(event);
        data.payload = encode_event(event);
        data.correlation_id = cause.correlation_id;
        data.causation_id = cause.causation_id;
        data.actor = cause.actor;
        data.tags = D::tags(event);
        unit.record(stream, cached.version, std::move(data));
        cached.state = D::evolve(cached.state, event);
        ++cached.version;
        keep_snapshot(unit, stream, cached);
        const auto event_id = fmt::format("{}@{}", stream, cached.version);
        if constexpr (HasOutputs<D>) ask(unit, id, event_id, cached.state, event, cause);
        unit.raise({D::category, stream, cached.version, std::any{std::move(event)},
                    Cause{cause.correlation_id, event_id, cause.actor}});
    }

    void ask(Unit& unit, const std::string& id, const std::string& event_id, const State& state,
             const Event& event, const Cause& cause) {
        auto outputs = D::after(state, event);
        ensure(outputs.effects.size() <= 1, "an event asks for one effect at most");
        if constexpr (!std::same_as<typename D::Effect, NoEffect>) {
            for (const auto& effect : outputs.effects) {
                PendingEffect pending{std::string{context(id)},
                                      std::string{D::category},
                                      id,
                                      std::string{type_of(effect)},
                                      encode_event(effect),
                                      cause.correlation_id,
                                      cause.actor};
                unit.add_effect(event_id, std::move(pending));
            }
        }
        for (const auto& [due, command] : outputs.timers) {
            PendingTimer timer{due,
                               std::string{D::category},
                               id,
                               std::string{type_of(command)},
                               encode_event(command),
                               cause.correlation_id,
                               cause.actor};
            unit.add_timer(event_id, std::move(timer));
        }
    }

    static std::string rejection_code(typename D::Rejection why) {
        return boost::describe::enum_to_string(why, "refused");
    }

    ContextsByPrefix contexts_;
    LruMap<Cached> cache_{max_cached};
};

// The state of another aggregate, for a rule that is wider than one stream.
template <Decider D>
const typename D::State& state_in(Unit& unit, const std::string& id) {
    auto* host = dynamic_cast<AggregateHost<D>*>(&unit.aggregate(D::category));
    ensure(host != nullptr, "a category is hosted by its own aggregate");
    return host->state(unit, id);
}

}  // namespace yeyak
