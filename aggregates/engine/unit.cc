#include "aggregates/engine/unit.h"

#include <fmt/format.h>

#include <algorithm>

#include "aggregates/engine/engine.h"
#include "kernel/ensure.h"

namespace yeyak {
namespace {

// A chain of messages longer than this is a loop between two rules.
constexpr std::size_t max_messages = 10'000;

PendingMessage message_of(const AggregateHostBase& host, const Send& command, const Cause& cause) {
    PendingMessage message;
    message.kind = "command";
    message.category = host.category();
    message.id = command.id;
    message.type = host.command_type(command.command);
    message.payload = host.encode_command(command.command);
    message.correlation_id = cause.correlation_id;
    message.causation_id = cause.causation_id;
    message.actor = cause.actor;
    return message;
}

}  // namespace

Unit::Unit(Engine& engine, eventstore::EventStore& store, Instant now, Cause cause)
    : engine_(engine), store_(store), now_(now), cause_(std::move(cause)) {
    commit_.time = now;
}

AggregateHostBase& Unit::aggregate(std::string_view category) {
    return engine_.aggregate(category);
}

bool Unit::is_up(std::string_view context) const { return engine_.contexts().is_up(context); }

std::uint64_t Unit::next_number(std::string_view collection) {
    return engine_.take_number(*this, collection);
}

Verdict Unit::execute(const Send& command) {
    auto& host = engine_.aggregate(command.category);
    const auto context = host.context(command.id);
    const bool now = command.delivery == Delivery::now;
    if (now ? !engine_.contexts().is_up(context) : !engine_.receives_now(context)) {
        Verdict verdict;
        verdict.stream = stream_of(command.category, command.id);
        verdict.version = head(verdict.stream);
        if (now)
            verdict.ended = Ended::context_down;
        else
            wait_in_inbox(context, message_of(host, command, cause_));
        return verdict;
    }
    auto verdict = host.handle(*this, command.id, command.command, cause_);
    run_out();
    return verdict;
}

Verdict Unit::operate(std::string_view saga, const std::string& id, SagaOrder order) {
    auto& host = engine_.saga(saga);
    if (!engine_.receives_now(host.context())) return Verdict::context_down();
    auto verdict = host.operate(*this, id, order, cause_);
    run_out();
    return verdict;
}

// Breadth first: events are heard in the order in which they happened.
void Unit::run_out() {
    std::size_t messages = 0;
    while (!raised_.empty() || !outgoing_.empty()) {
        ensure(++messages < max_messages, "a chain of messages ends");
        if (!raised_.empty()) {
            const Raised raised = std::move(raised_.front());
            raised_.pop_front();
            offer(raised);
        } else {
            Outgoing outgoing = std::move(outgoing_.front());
            outgoing_.pop_front();
            dispatch(outgoing);
        }
    }
}

void Unit::offer(const Raised& raised) {
    for (ListenerBase* listener : engine_.listeners(raised.category)) {
        if (!listener->wants(raised)) continue;
        if (engine_.receives_now(listener->context())) {
            listener->offer(*this, raised);
            continue;
        }
        PendingMessage message;
        message.kind = "event";
        message.category = listener->category();
        message.event_stream = raised.stream;
        message.event_version = static_cast<std::int64_t>(raised.version);
        message.correlation_id = raised.cause.correlation_id;
        message.actor = raised.cause.actor;
        wait_in_inbox(listener->context(), message);
    }
}

void Unit::dispatch(Outgoing& outgoing) {
    auto& host = engine_.aggregate(outgoing.command.category);
    const auto context = host.context(outgoing.command.id);
    const auto refuse = [&](Ended ended, std::string refusal) {
        if (outgoing.from_category.empty()) return;
        const Refused refused{std::string{host.command_type(outgoing.command.command)}, ended,
                              std::move(refusal)};
        engine_.saga(outgoing.from_category)
            .refused(*this, outgoing.from_id, refused, outgoing.cause);
    };
    const bool now = outgoing.command.delivery == Delivery::now;
    if (now ? !engine_.contexts().is_up(context) : !engine_.receives_now(context)) {
        if (now) return refuse(Ended::context_down, "");
        auto message = message_of(host, outgoing.command, outgoing.cause);
        message.from_category = outgoing.from_category;
        message.from_id = outgoing.from_id;
        return wait_in_inbox(context, message);
    }
    auto verdict =
        host.handle(*this, outgoing.command.id, outgoing.command.command, outgoing.cause);
    if (!verdict.ok()) refuse(verdict.ended, std::move(verdict.refusal));
}

void Unit::deliver(const PendingMessage& message) {
    const Cause cause{message.correlation_id, message.causation_id, message.actor};
    if (message.kind == "event") {
        engine_.listener(message.category).offer(*this, engine_.load_event(message));
    } else if (message.kind == "timeout") {
        const auto fired = engine_.saga(message.category)
                               .timeout(*this, message.id, message.type, message.payload, cause);
        ensure(fired.has_value(), "a timeout that was written can be read");
    } else {
        auto& host = engine_.aggregate(message.category);
        auto command = host.decode_command(message.type, message.payload);
        ensure(command.has_value(), "a command that was written can be read");
        const auto verdict = host.handle(*this, message.id, *command, cause);
        if (!verdict.ok() && !message.from_category.empty())
            engine_.saga(message.from_category)
                .refused(*this, message.from_id,
                         Refused{message.type, verdict.ended, verdict.refusal}, cause);
    }
    run_out();
}

void Unit::deliver_or_wait(const PendingMessage& message) {
    const auto context = engine_.is_saga(message.category)
                             ? engine_.saga(message.category).context()
                             : engine_.aggregate(message.category).context(message.id);
    if (engine_.receives_now(context))
        deliver(message);
    else
        wait_in_inbox(context, message);
}

void Unit::wait_in_inbox(std::string_view context, const PendingMessage& message) {
    write(eventstore::Table::inbox, engine_.take_inbox_key(*this, context), to_json(message));
}

void Unit::write(eventstore::Table table, std::string key, std::optional<std::string> value) {
    commit_.writes.push_back({table, std::move(key), std::move(value)});
}

void Unit::record(const std::string& stream, eventstore::Version before,
                  eventstore::NewEvent event) {
    auto& appends = commit_.appends;
    if (!appends.empty() && appends.back().stream == stream) {
        appends.back().events.push_back(std::move(event));
        return;
    }
    const bool again =
        std::ranges::any_of(appends, [&](const auto& a) { return a.stream == stream; });
    eventstore::StreamAppend append;
    append.stream = stream;
    append.expected = again ? eventstore::Expected::any() : eventstore::Expected::exactly(before);
    append.events.push_back(std::move(event));
    appends.push_back(std::move(append));
}

void Unit::raise(Raised raised) { raised_.push_back(std::move(raised)); }

void Unit::send_from(std::string_view saga_category, const std::string& saga_id, Send command,
                     const Cause& cause) {
    outgoing_.push_back({std::string{saga_category}, saga_id, std::move(command), cause});
}

std::string Unit::describe(const Send& command) const { return engine_.describe(command); }

void Unit::add_effect(const std::string& key, PendingEffect effect) {
    write(eventstore::Table::outbox, key, to_json(effect));
    outcome_.effects.push_back({key, std::move(effect)});
}

void Unit::add_timer(const std::string& origin, PendingTimer timer) {
    const auto key = fmt::format("{:020}/{}/{}", timer.due.ms, origin, timers_of_origin_++);
    write(eventstore::Table::timer, key, to_json(timer));
    outcome_.timers.push_back({key, std::move(timer)});
}

eventstore::Version Unit::head(const std::string& stream) {
    return store_.staged_head(stream) + recorded(stream);
}

eventstore::Version Unit::recorded(const std::string& stream) const {
    eventstore::Version events = 0;
    for (const auto& append : commit_.appends)
        if (append.stream == stream) events += append.events.size();
    return events;
}

bool Unit::keeps_something() const {
    const auto stays = [](const auto& write) { return write.table != eventstore::Table::counter; };
    return !commit_.appends.empty() || std::ranges::any_of(commit_.writes, stays);
}

eventstore::Position Unit::last_position() const {
    auto position = store_.staged_position();
    for (const auto& append : commit_.appends) position += append.events.size();
    return position;
}

Unit::Outcome Unit::commit() {
    ensure(raised_.empty() && outgoing_.empty(), "a unit is committed when all is said");
    if (commit_.appends.empty() && commit_.writes.empty()) return std::move(outcome_);
    const auto staged = store_.stage(std::move(commit_));
    // When the store has failed, the flush says so and the process ends.
    ensure(staged || staged.error().kind == eventstore::Conflict::Kind::unavailable,
           "the engine is the only writer of its streams");
    return std::move(outcome_);
}

}  // namespace yeyak
