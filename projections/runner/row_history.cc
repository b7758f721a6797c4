#include "projections/runner/row_history.h"

#include <fmt/format.h>

#include <charconv>

#include "projections/runner/counting.h"

namespace yeyak::projections {
namespace {

std::string text_json(std::string_view text) {
    std::string json;
    append_json_string(json, text);
    return json;
}

}  // namespace

std::vector<std::string> keys_named(std::string_view text) {
    std::vector<std::string> keys{std::string{text}};
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec == std::errc{} && read.ptr == end) keys.push_back(number_key(number));
    return keys;
}

RowFollower::RowFollower(const View& view, const std::vector<std::string>& keys,
                         std::set<Position> skipped)
    : tracer_(view.tracer(keys)), skipped_(std::move(skipped)) {}

std::optional<Touch> RowFollower::see(const eventstore::RecordedEvent& event) {
    if (is_skipped(skipped_, event.position)) return std::nullopt;
    if (streams_.contains(event.stream)) {
        ++parked_;
        return std::nullopt;
    }
    auto touch = tracer_->step(event);
    if (touch) return *std::move(touch);
    if (parked_++ == 0) first_parked_ = touch.error().detail;
    streams_.insert(event.stream);
    return std::nullopt;
}

StoreResult<RowHistory> row_history(const eventstore::EventStore& log, const RowHistoryQuery& query,
                                    const Made& made, const Reached& reached) {
    RowHistory history;
    const auto keys = keys_named(query.key);
    RowFollower follower{*query.view, keys, query.skipped};
    // To know whether the event that is left out would have counted.
    RowFollower aside{*query.view, keys, query.skipped};
    const auto take = [&](const eventstore::EventPtr& event) {
        if (query.without > 0 && event->position <= query.without) {
            const auto touch = aside.see(*event);
            if (event->position == query.without) {
                history.left_out = touch.has_value();
                return;
            }
        }
        auto touch = follower.see(*event);
        if (!touch) return;
        ++history.events;
        if (made) made(event, *touch);
        history.row = std::move(touch->after);
    };
    auto categories = query.view->categories(query.key);
    const auto read = read_pages(log, categories, {0, query.last},
                                 [&](const auto& events, Position position) -> StoreResult<bool> {
                                     for (const auto& event : events) take(event);
                                     if (!reached || reached(position)) return true;
                                     return std::unexpected(interrupted_error);
                                 });
    if (!read) return std::unexpected(read.error());
    history.unreadable = follower.parked();
    history.first_unreadable = follower.first_parked();
    return history;
}

std::string json_of_changes(const std::vector<FieldChange>& changes) {
    std::string list;
    for (const auto& change : changes)
        list += fmt::format(R"({}{{"field":{},"before":{},"after":{}}})", list.empty() ? "" : ",",
                            text_json(change.field), change.before.value_or("null"),
                            change.after.value_or("null"));
    return fmt::format("[{}]", list);
}

std::string json_of_touch(const eventstore::RecordedEvent& event, const Touch& touch) {
    const auto before = touch.before ? fields_of_row(touch.before->json) : RowFields{};
    const auto changes = changes_between(before, fields_of_row(touch.after.json));
    return fmt::format(
        R"({{"position":{},"type":{},"stream":{},"version":{},"time":"{}","actor":{},)"
        R"("causationId":{},"correlationId":{},"changes":{}}})",
        event.position, text_json(event.data.type), text_json(event.stream), event.version,
        to_text(event.time), text_json(event.data.actor), text_json(event.data.causation_id),
        text_json(event.data.correlation_id), json_of_changes(changes));
}

}  // namespace yeyak::projections
