#include "privacy/erasure.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernel/events.h"
#include "kernel/json.h"
#include "privacy/holdings.h"

namespace yeyak::privacy {
namespace {

void append_member(std::string& json, std::string_view name, std::string_view text) {
    json += fmt::format("\"{}\":", name);
    append_json_string(json, text);
    json += ',';
}

std::string counts_json(const Holdings& held) {
    std::string rows;
    for (const auto& [view, count] : held.rows)
        rows += fmt::format("{}\"{}\":{}", rows.empty() ? "" : ",", view, count);
    return fmt::format(R"("events":{},"sealedEvents":{},"rows":{{{}}},"owed":{})", held.events,
                       held.sealed_events, rows, held.owed);
}

}  // namespace

StoreResult<ErasurePlan> plan_erasure(const eventstore::EventStore& store, const PersonKeys& keys,
                                      Person person) {
    auto names = key_names_of(store, person);
    if (!names) return std::unexpected(std::move(names).error());
    auto refs = keys.refs(*names);
    if (!refs) return std::unexpected(std::move(refs).error());
    return ErasurePlan{std::move(person), *std::move(names), *std::move(refs)};
}

operations::PersonErased erasure_of(const ErasurePlan& plan, std::string reason,
                                    std::string checkpoint) {
    operations::PersonErased fact;
    fact.person = plan.person.recorded;
    fact.reason = std::move(reason);
    for (const auto& key : plan.keys) fact.keys.push_back(to_text(key));
    fact.checkpoint = std::move(checkpoint);
    return fact;
}

StoreResult<bool> was_erased(const eventstore::EventStore& store, const Person& person) {
    eventstore::AllQuery query;
    query.filter.types = {std::string{operations::PersonErased::type}};
    query.filter.tags = {"person:" + person.recorded};
    query.max_events = 1;
    const auto page = store.read_all(query);
    if (!page) return std::unexpected(page.error());
    return !page->events.empty();
}

StoreResult<void> complete_erasures(const eventstore::EventStore& store, PersonKeys& keys) {
    eventstore::StreamQuery query;
    query.stream = fmt::format("{}-privacy", operations::Contract::category);
    query.from = 1;
    while (true) {
        const auto page = store.read_stream(query);
        if (!page) return std::unexpected(page.error());
        std::vector<KeyRef> due;
        for (const auto& event : page->events) {
            if (event->data.type != operations::PersonErased::type) continue;
            const auto fact =
                decode_event<operations::Event>(event->data.type, event->data.payload);
            if (!fact)
                return std::unexpected(StoreError{
                    StoreError::Kind::corrupt,
                    fmt::format("event {} of an erasure cannot be read", event->position)});
            for (const auto& text : std::get<operations::PersonErased>(*fact).keys)
                if (auto ref = parse_key_ref(text)) due.push_back(*std::move(ref));
        }
        if (auto destroyed = keys.destroy_now(due); !destroyed)
            return std::unexpected(destroyed.error());
        if (page->end || page->events.empty()) return {};
        query.from = page->events.back()->version + 1;
    }
}

std::string export_json(const ErasurePlan& plan, const Holdings& held, std::string_view reason) {
    std::string json = "{";
    append_member(json, "person", plan.person.recorded);
    append_member(json, "reason", reason);
    json += fmt::format(R"("position":{},{},"keys":[)", held.position, counts_json(held));
    for (const auto& name : plan.key_names) {
        const bool there = std::ranges::find(plan.keys, name, &KeyRef::name) != plan.keys.end();
        json += fmt::format(R"({}{{"name":"{}","state":"{}"}})", json.back() == '[' ? "" : ",",
                            name, there ? "kept" : "destroyed");
    }
    json += fmt::format(R"(],"held":{{"events":{},"owed":{},"rows":{{)", held.events_json,
                        held.owed_json);
    for (const auto& [view, rows] : held.rows_json)
        json += fmt::format("{}\"{}\":{}", json.back() == '{' ? "" : ",", view, rows);
    return json + "}}}";
}

std::string erasure_json(const ErasurePlan& plan, const Holdings* held, std::string_view reason,
                         std::string_view what, eventstore::Position position) {
    std::string json = "{";
    append_member(json, "person", plan.person.recorded);
    append_member(json, "result", what);
    append_member(json, "reason", reason);
    json += "\"keys\":[";
    for (const auto& key : plan.keys)
        json += fmt::format("{}\"{}\"", json.back() == '[' ? "" : ",", to_text(key));
    json += ']';
    if (held) json += "," + counts_json(*held);
    if (position > 0) json += fmt::format(",\"position\":{}", position);
    return json + "}";
}

}  // namespace yeyak::privacy
