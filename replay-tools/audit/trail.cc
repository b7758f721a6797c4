#include "replay-tools/audit/trail.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <set>

#include "replay-tools/reading/log_pages.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

using eventstore::EventStore;
using eventstore::RecordedEvent;
using eventstore::StoreResult;

constexpr std::size_t page_events = 20'000;

// What the payload says about the why: a reason, and for the step of a saga its state.
struct Why {
    std::string reason;
    std::string state;
};

Why why_of(const RecordedEvent& event) {
    Why why;
    thread_local simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (parser.parse(simdjson::padded_string{event.data.payload}).get_object().get(object) !=
        simdjson::SUCCESS)
        return why;
    std::string_view text;
    if (object["reason"].get_string().get(text) == simdjson::SUCCESS) why.reason = text;
    if (object["state"].get_string().get(text) == simdjson::SUCCESS) why.state = text;
    return why;
}

StoreResult<void> all_of_stream(const EventStore& log, const std::string& stream,
                                const VisitEvent& visit) {
    eventstore::StreamQuery query;
    query.stream = stream;
    while (true) {
        const auto page = log.read_stream(query);
        if (!page) return std::unexpected(page.error());
        for (const auto& event : page->events) visit(*event);
        if (page->end || page->events.empty()) return {};
        query.from = page->events.back()->version + 1;
    }
}

constexpr std::string_view indent = "           ";

// Puts parts beside each other as far as they fit, and begins new lines for the others.
void print_parts(const std::vector<std::string>& parts, std::size_t columns) {
    const auto room = columns > indent.size() ? columns - indent.size() : 1;
    std::string line;
    for (const auto& part : parts) {
        if (!line.empty() && display_width(line) + 2 + display_width(part) > room) {
            fmt::print("{}{}\n", indent, clipped(line, room));
            line.clear();
        }
        line += (line.empty() ? "" : "  ") + part;
    }
    if (!line.empty()) fmt::print("{}{}\n", indent, clipped(line, room));
}

void print_table(const RecordedEvent& event, std::size_t columns) {
    const auto why = why_of(event);
    const auto& data = event.data;
    fmt::print("{}\n",
               clipped(fmt::format("{:>9}  {}", event.position, printable(data.type)), columns));
    std::vector<std::string> parts{to_text(event.time), seoul_text(event.time),
                                   data.actor.empty() ? "nobody" : printable(data.actor),
                                   printable(eventstore::id_of(event))};
    const auto add = [&](std::string_view what, const std::string& value) {
        if (!value.empty()) parts.push_back(fmt::format("{} {}", what, printable(value)));
    };
    add("reason", why.reason);
    add("state", why.state);
    add("because of", data.causation_id);
    add("request", data.correlation_id);
    print_parts(parts, columns);
}

// In the order of the columns of the CSV and the fields of the JSON.
constexpr const char* names[] = {"position",    "timeUtc",       "timeSeoul", "actor",
                                 "type",        "stream",        "version",   "eventId",
                                 "causationId", "correlationId", "reason",    "state"};

std::vector<std::string> values_of(const RecordedEvent& event) {
    const auto why = why_of(event);
    const auto& data = event.data;
    return {std::to_string(event.position),
            to_text(event.time),
            seoul_text(event.time),
            data.actor,
            data.type,
            event.stream,
            std::to_string(event.version),
            eventstore::id_of(event),
            data.causation_id,
            data.correlation_id,
            why.reason,
            why.state};
}

}  // namespace

StoreResult<void> trail_of_stream(const EventStore& log, const std::string& stream,
                                  const VisitEvent& visit) {
    return all_of_stream(log, stream, visit);
}

StoreResult<void> trail_of_user(const EventStore& log, const std::string& user,
                                const VisitEvent& visit) {
    std::set<std::string> streams;
    std::set<std::string> requests;
    eventstore::AllQuery tagged;
    tagged.filter.tags = {"user:" + user};
    while (true) {
        const auto page = log.read_all(tagged);
        if (!page) return std::unexpected(page.error());
        for (const auto& event : page->events) streams.insert(event->stream);
        if (page->end) break;
        tagged.after = page->next_after;
    }
    if (streams.empty()) return {};
    for (const auto& stream : streams) {
        const auto read = all_of_stream(log, stream, [&](const RecordedEvent& event) {
            if (!event.data.correlation_id.empty()) requests.insert(event.data.correlation_id);
        });
        if (!read) return read;
    }
    // There is no index by request: the whole log is read, in order.
    LogPages pages{log, 0, log.head(), page_events};
    while (true) {
        const auto events = pages.next();
        if (!events) return std::unexpected(events.error());
        if (events->empty()) return {};
        for (const auto& event : *events)
            if (requests.contains(event->data.correlation_id) || streams.contains(event->stream))
                visit(*event);
    }
}

void TrailPrinter::begin() {
    if (format_ == TrailFormat::json) fmt::print("[");
    if (format_ == TrailFormat::csv) fmt::print("{}\r\n", fmt::join(names, ","));
}

void TrailPrinter::event(const RecordedEvent& event) {
    ++count_;
    if (format_ == TrailFormat::table) return print_table(event, columns_);
    const auto values = values_of(event);
    std::string line;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (format_ == TrailFormat::csv) {
            line += (i == 0 ? "" : ",") + csv_field(values[i]);
            continue;
        }
        const bool number = i == 0 || i == 6;
        line += fmt::format("{}\"{}\":{}", i == 0 ? "{" : ",", names[i],
                            number ? values[i] : json_text(values[i]));
    }
    if (format_ == TrailFormat::csv)
        fmt::print("{}\r\n", line);
    else
        fmt::print("{}\n{}}}", count_ == 1 ? "" : ",", line);
}

void TrailPrinter::end() {
    if (format_ == TrailFormat::json) fmt::print("\n]\n");
}

}  // namespace yeyak::tools
