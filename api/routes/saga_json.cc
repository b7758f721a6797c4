#include "api/routes/saga_json.h"

#include <fmt/format.h>

#include <boost/describe/enum_to_string.hpp>
#include <set>

#include "aggregates/engine/host.h"
#include "aggregates/engine/pending.h"
#include "aggregates/engine/saga_step.h"
#include "api/routes/schema.h"
#include "kernel/ensure.h"
#include "kernel/json.h"

namespace yeyak::api {
namespace {

using eventstore::EventPtr;
using eventstore::StoreResult;
using eventstore::Table;

// How many waiting timers and messages are looked through for those of one saga.
constexpr std::size_t max_looked_at = 10'000;

std::string list(const std::vector<std::string>& texts) {
    std::string json = "[";
    for (const auto& text : texts) {
        if (json.size() > 1) json += ',';
        append_json_string(json, text);
    }
    return json + "]";
}

SagaStepRecord step_of(const EventPtr& event) {
    auto step = from_json<SagaStepRecord>(event->data.payload);
    ensure(step.has_value(), "a saga step that was written can be read");
    return *std::move(step);
}

std::string state_of(const EventPtr& event) {
    const auto summary = saga_summary(event->data.payload);
    ensure(summary.has_value(), "a saga step that was written can be read");
    return summary->state;
}

std::string timeline(const std::vector<EventPtr>& steps) {
    std::string json = "[";
    for (const auto& event : steps) {
        const auto step = step_of(event);
        std::vector<std::string> timers;
        for (const auto due : step.timers) timers.push_back(to_text(due));
        if (json.size() > 1) json += ',';
        json += fmt::format(R"({{"version":{},"position":{},"at":"{}","input":"{}","inputId":)",
                            event->version, event->position, to_text(event->time), step.input);
        append_json_string(json, step.input_id);
        json += ",\"actor\":";
        append_json_string(json, event->data.actor);
        json += fmt::format(R"(,"state":"{}","sent":{},"timers":{},"ended":{}}})", state_of(event),
                            list(step.sent), list(timers), step.ended);
    }
    return json + "]";
}

// The saga's own stream, and those that it has sent something to.
std::set<std::string> streams_of(const std::vector<EventPtr>& steps) {
    std::set<std::string> streams{steps.front()->stream};
    constexpr std::string_view arrow = " -> ";
    for (const auto& event : steps)
        for (const auto& sent : step_of(event).sent)
            if (const auto at = sent.find(arrow); at != std::string::npos)
                streams.insert(sent.substr(at + arrow.size()));
    return streams;
}

std::string waiting(std::string_view kind, std::string_view type, std::string_view stream,
                    std::string_view more) {
    std::string json = fmt::format(R"({{"kind":"{}","type":"{}","for":)", kind, type);
    append_json_string(json, stream);
    return fmt::format("{}{}}}", json, more);
}

// Effects being carried out, timers, and messages for contexts that are stopped.
StoreResult<std::string> waits_for(const server::Reads& reads,
                                   const std::set<std::string>& streams) {
    const auto& store = reads.log();
    std::vector<std::string> found;
    for (const auto& stream : streams) {
        const auto effects = store.entries(Table::outbox, stream + "@", "", 10);
        if (!effects) return std::unexpected(effects.error());
        for (const auto& entry : *effects) {
            const auto effect = from_json<PendingEffect>(entry.value);
            ensure(effect.has_value(), "an effect that was written can be read");
            found.push_back(waiting("effect", effect->type, stream,
                                    fmt::format(R"(,"context":"{}")", effect->context)));
        }
    }
    const auto timers = store.entries(Table::timer, "", "", max_looked_at);
    if (!timers) return std::unexpected(timers.error());
    for (const auto& entry : *timers) {
        const auto timer = from_json<PendingTimer>(entry.value);
        ensure(timer.has_value(), "a timer that was written can be read");
        const auto stream = stream_of(timer->category, timer->id);
        if (streams.contains(stream))
            found.push_back(waiting("timer", timer->type, stream,
                                    fmt::format(R"(,"due":"{}")", to_text(timer->due))));
    }
    const auto messages = store.entries(Table::inbox, "", "", max_looked_at);
    if (!messages) return std::unexpected(messages.error());
    for (const auto& entry : *messages) {
        const auto message = from_json<PendingMessage>(entry.value);
        ensure(message.has_value(), "a message that was written can be read");
        const auto stream = message->kind == "event" ? message->event_stream
                                                     : stream_of(message->category, message->id);
        if (!streams.contains(stream)) continue;
        const auto context = entry.key.substr(0, entry.key.find('/'));
        found.push_back(waiting(message->kind, message->type, stream,
                                fmt::format(R"(,"context":"{}")", context)));
    }
    return fmt::format("[{}]", fmt::join(found, ","));
}

std::string outlook(const server::Reads& reads, const EventPtr& newest, SagaOrder order) {
    const auto* host = reads.find_saga(eventstore::category_of(newest->stream));
    ensure(host != nullptr, "the saga of a step is registered");
    const auto look = host->outlook(newest->data.payload, order, reads.now());
    ensure(look.has_value(), "a saga step that was written can be read");
    if (!look->possible) return "null";
    std::vector<std::string> sends;
    for (const auto& sent : look->sends) sends.push_back(reads.describe(sent));
    return fmt::format(R"({{"state":"{}","sends":{}}})", look->next, list(sends));
}

std::string outlook_schema() {
    return schema::object_or_null({{"state", schema::text}, {"sends", schema::list(schema::text)}});
}

}  // namespace

std::string saga_schema() {
    const auto waits = schema::object({{"kind", schema::text},
                                       {"type", schema::text},
                                       {"for", schema::text},
                                       {"context", schema::text, false},
                                       {"due", schema::time, false}});
    const auto step = schema::object({{"version", schema::number},
                                      {"position", schema::number},
                                      {"at", schema::time},
                                      {"input", schema::text},
                                      {"inputId", schema::text},
                                      {"actor", schema::text},
                                      {"state", schema::text},
                                      {"sent", schema::list(schema::text)},
                                      {"timers", schema::list(schema::time)},
                                      {"ended", schema::truth}});
    return schema::object({{"id", schema::text},
                           {"saga", schema::text},
                           {"status", schema::one_of({"open", "ended"})},
                           {"state", schema::text},
                           {"correlationId", schema::text},
                           {"waitingFor", schema::list(waits)},
                           {"timeline", schema::list(step)},
                           {"retry", outlook_schema()},
                           {"compensate", outlook_schema()}});
}

StoreResult<std::string> saga_json(const server::Reads& reads, const std::vector<EventPtr>& steps) {
    const auto& newest = steps.back();
    const bool ended = step_of(newest).ended;
    const auto waits = waits_for(reads, streams_of(steps));
    if (!waits) return std::unexpected(waits.error());
    std::string json = "{\"id\":";
    append_json_string(json, newest->stream);
    json += fmt::format(R"(,"saga":"{}","status":"{}","state":"{}","correlationId":)",
                        eventstore::category_of(newest->stream), ended ? "ended" : "open",
                        state_of(newest));
    append_json_string(json, steps.front()->data.correlation_id);
    json += fmt::format(R"(,"waitingFor":{},"timeline":{},"retry":{},"compensate":{}}})", *waits,
                        timeline(steps), outlook(reads, newest, SagaOrder::retry),
                        outlook(reads, newest, SagaOrder::compensate));
    return json;
}

}  // namespace yeyak::api
