// The pieces of work that the engine gives to the sequencer.
#include <fmt/format.h>

#include "aggregates/engine/engine.h"
#include "kernel/ensure.h"

namespace yeyak {

using eventstore::Position;
using eventstore::StoreResult;
using eventstore::Table;
using eventstore::Work;

class CommandRun final : public Work {
  public:
    CommandRun(Engine& engine, CommandWork request)
        : engine_(engine), request_(std::move(request)) {}

    void decide(eventstore::EventStore& store) override {
        if (!request_.idempotency_key.empty() && replay(store)) return;
        Unit unit{engine_, store, request_.now, request_.cause};
        const auto broken = broken_at(request_.guard, store);
        const Verdict verdict = broken ? stale(*broken) : request_.decide(unit);
        reply_.kept = unit.keeps_something();
        reply_.ended = verdict.ended;
        reply_.refusal = verdict.refusal;
        reply_.stream = verdict.stream;
        reply_.version = verdict.version;
        // An outcome that a stopped context has not taken is still owed.
        if (!request_.resolves.empty() && verdict.ended != Ended::context_down)
            unit.write(Table::outbox, request_.resolves, std::nullopt);
        reply_.position = unit.last_position();
        // A stopped context is no answer: the same request may succeed a moment later.
        if (!request_.idempotency_key.empty() && verdict.ended != Ended::context_down)
            unit.write(Table::idempotency, request_.idempotency_key, to_json(record()));
        const bool has_past = verdict.version > unit.recorded(verdict.stream);
        engine_.owe(unit.commit());
        if (request_.watch && verdict.ok())
            engine_.add_watch(reply_.stream, *std::move(request_.watch), has_past);
    }

    bool is_owed() const override { return !request_.resolves.empty(); }

    void told(const StoreResult<Position>& outcome) override {
        if (!request_.done) return;
        if (outcome)
            request_.done(reply_);
        else
            request_.done(std::unexpected(outcome.error()));
    }

  private:
    bool replay(eventstore::EventStore& store) {
        const auto known = store.staged_value(Table::idempotency, request_.idempotency_key);
        if (!known) return false;
        const auto record = from_json<IdempotencyRecord>(*known);
        ensure(record.has_value(), "an idempotency record that was written can be read");
        reply_.replayed = true;
        if (record->fingerprint != request_.fingerprint) {
            reply_.ended = Ended::key_reused;
            return true;
        }
        reply_.ended = ended_of(record->code);
        if (reply_.ended == Ended::refused) reply_.refusal = record->code;
        reply_.stream = record->stream;
        reply_.version = record->version;
        reply_.position = record->position;
        if (request_.watch && reply_.ok())
            engine_.add_watch(reply_.stream, *std::move(request_.watch), true);
        return true;
    }

    Verdict stale(eventstore::Version found) const {
        auto verdict = Verdict::refused(std::string{guard_failed});
        verdict.stream = request_.guard->stream;
        verdict.version = found;
        return verdict;
    }

    IdempotencyRecord record() const {
        return {request_.fingerprint, reply_.code(), reply_.stream, reply_.version,
                reply_.position};
    }

    Engine& engine_;
    CommandWork request_;
    Reply reply_;
};

class TimerWork final : public Work {
  public:
    TimerWork(Engine& engine, std::string key, Instant now)
        : engine_(engine), key_(std::move(key)), now_(now) {}

    void decide(eventstore::EventStore& store) override {
        const auto written = store.staged_value(Table::timer, key_);
        if (!written) return;  // fired before
        const auto timer = from_json<PendingTimer>(*written);
        ensure(timer.has_value(), "a timer that was written can be read");
        ensure(timer->due <= now_, "a timer never fires early");
        Unit unit{engine_, store, now_, {timer->correlation_id, "timer/" + key_, timer->actor}};
        PendingMessage message;
        message.kind = engine_.is_saga(timer->category) ? "timeout" : "command";
        message.category = timer->category;
        message.id = timer->id;
        message.type = timer->type;
        message.payload = timer->payload;
        message.correlation_id = timer->correlation_id;
        message.causation_id = "timer/" + key_;
        message.actor = timer->actor;
        unit.write(Table::timer, key_, std::nullopt);
        unit.deliver_or_wait(message);
        engine_.owe(unit.commit());
    }
    bool is_owed() const override { return true; }
    void told(const StoreResult<Position>&) override {}

  private:
    Engine& engine_;
    std::string key_;
    Instant now_;
};

// Delivers the oldest messages of a context that is up again, each as a unit of its own.
class DrainWork final : public Work {
  public:
    static constexpr std::size_t max_messages = 100;

    DrainWork(Engine& engine, std::string context, Instant now)
        : engine_(engine), context_(std::move(context)), now_(now) {}

    void decide(eventstore::EventStore& store) override {
        auto& inbox = engine_.inboxes_[context_];
        for (std::size_t i = 0; i < max_messages; ++i) {
            if (!engine_.contexts_.is_up(context_) || inbox.next > inbox.last) return;
            const auto key = inbox_key(context_, inbox.next);
            // A message of this very batch waits for the next: its event cannot be read yet.
            const auto written = store.value(Table::inbox, key);
            if (!written || !*written) return;
            ++inbox.next;
            const auto message = from_json<PendingMessage>(**written);
            ensure(message.has_value(), "a message that was written can be read");
            Unit unit{engine_,
                      store,
                      now_,
                      {message->correlation_id, message->causation_id, message->actor}};
            unit.write(Table::inbox, key, std::nullopt);
            unit.deliver(*message);
            engine_.owe(unit.commit());
        }
    }
    bool is_owed() const override { return true; }
    void told(const StoreResult<Position>&) override {}

  private:
    Engine& engine_;
    std::string context_;
    Instant now_;
};

// Stops, starts, slows a context; kept across restarts.
class ContextWork final : public Work {
  public:
    ContextWork(Engine& engine, std::string context, ContextSetting setting, Instant now,
                std::move_only_function<void(const StoreResult<Reply>&)> done)
        : engine_(engine),
          context_(std::move(context)),
          setting_(std::move(setting)),
          now_(now),
          done_(std::move(done)) {}

    void decide(eventstore::EventStore& store) override {
        Unit unit{engine_, store, now_, {}};
        unit.write(Table::setting, "context/" + context_, to_json(setting_));
        engine_.contexts_.set(context_, setting_);
        engine_.owe(unit.commit());
    }
    bool is_owed() const override { return true; }
    void told(const StoreResult<Position>& outcome) override {
        if (outcome)
            done_(Reply{});
        else
            done_(std::unexpected(outcome.error()));
    }

  private:
    Engine& engine_;
    std::string context_;
    ContextSetting setting_;
    Instant now_;
    std::move_only_function<void(const StoreResult<Reply>&)> done_;
};

eventstore::WorkPtr Engine::work(CommandWork request) {
    return std::make_unique<CommandRun>(*this, std::move(request));
}

eventstore::WorkPtr Engine::fire_timer(std::string key, Instant now) {
    return std::make_unique<TimerWork>(*this, std::move(key), now);
}

eventstore::WorkPtr Engine::drain(std::string context, Instant now) {
    return std::make_unique<DrainWork>(*this, std::move(context), now);
}

eventstore::WorkPtr Engine::set_context(
    std::string context, ContextSetting setting, Instant now,
    std::move_only_function<void(const StoreResult<Reply>&)> done) {
    return std::make_unique<ContextWork>(*this, std::move(context), std::move(setting), now,
                                         std::move(done));
}

}  // namespace yeyak
