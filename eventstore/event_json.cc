#include "eventstore/event_json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>

#include "eventstore/hash.h"

namespace yeyak::eventstore {
namespace {

namespace ondemand = simdjson::ondemand;
using eventstore::Commit;
using eventstore::NewEvent;
using eventstore::RecordedEvent;
template <class T>
using Read = std::expected<T, JsonError>;

// The document was checked as a whole (UTF-8, numbers, duplicates) before it is walked here.
JsonError wrong(std::string_view field, std::string_view must) {
    return {"wrong_type", std::string{field}, fmt::format("must be {}", must)};
}

// A guard that is misspelt guards nothing.
JsonError unknown_field(std::string_view field, std::string_view known) {
    return {"unknown_field", std::string{field},
            fmt::format("is not known here; known are {}", known)};
}

Read<std::string> text(ondemand::value value, std::string_view field) {
    std::string_view found;
    if (value.get_string().get(found) != simdjson::SUCCESS)
        return std::unexpected(wrong(field, "a text"));
    return std::string{found};
}

Read<std::vector<std::string>> texts(ondemand::value value, std::string_view field) {
    ondemand::array items;
    if (value.get_array().get(items) != simdjson::SUCCESS)
        return std::unexpected(wrong(field, "an array of texts"));
    std::vector<std::string> found;
    for (auto item : items) {
        ondemand::value each;
        if (item.get(each) != simdjson::SUCCESS)
            return std::unexpected(wrong(field, "an array of texts"));
        auto one = text(each, field);
        if (!one) return std::unexpected(std::move(one).error());
        found.push_back(*std::move(one));
    }
    return found;
}

// One attribute of a CloudEvent into its place.
std::optional<JsonError> take_attribute(NewEvent& event, std::string_view name,
                                        ondemand::value value) {
    if (name == "data") {
        ondemand::object data;
        std::string_view raw;
        if (value.get_object().get(data) != simdjson::SUCCESS ||
            data.raw_json().get(raw) != simdjson::SUCCESS)
            return wrong("data", "a JSON object");
        event.payload = raw;
        return std::nullopt;
    }
    if (name == "tags") {
        auto tags = texts(value, name);
        if (!tags) return std::move(tags).error();
        event.tags.insert(event.tags.end(), tags->begin(), tags->end());
        return std::nullopt;
    }
    if (name == "data_base64") return wrong("data_base64", "absent; send a JSON object as data");
    const bool known = name == "type" || name == "id" || name == "correlationid" ||
                       name == "causationid" || name == "actor" || name == "source" ||
                       name == "subject" || name == "time" || name == "specversion" ||
                       name == "datacontenttype";
    if (!known) return std::nullopt;
    auto given = text(value, name);
    if (!given) return std::move(given).error();
    if (name == "type") event.type = *given;
    if (name == "id") event.event_id = *given;
    if (name == "correlationid") event.correlation_id = *given;
    if (name == "causationid") event.causation_id = *given;
    if (name == "actor") event.actor = *given;
    if (name == "source" || name == "subject")
        event.tags.push_back(fmt::format("{}:{}", name, *given));
    if (name == "time") {
        if (!parse_instant(*given)) return wrong("time", "an RFC 3339 instant");
        event.tags.push_back("time:" + *given);
    }
    if (name == "specversion" && *given != "1.0") return wrong("specversion", "\"1.0\"");
    if (name == "datacontenttype" && *given != "application/json")
        return wrong("datacontenttype", "\"application/json\"");
    return std::nullopt;
}

Read<NewEvent> event_of(ondemand::value value) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
        return std::unexpected(wrong("", "an event: {\"type\":…,\"data\":{…}}"));
    NewEvent event;
    for (auto field : object) {
        std::string_view name;
        if (field.unescaped_key().get(name) != simdjson::SUCCESS)
            return std::unexpected(wrong("", "an object"));
        const std::string copy{name};  // the next read may reuse its buffer
        if (auto error = take_attribute(event, copy, field.value()))
            return std::unexpected(*std::move(error));
    }
    if (event.type.empty())
        return std::unexpected(JsonError{"missing_field", "type", "is required"});
    if (event.payload.empty())
        return std::unexpected(JsonError{"missing_field", "data", "is required"});
    return event;
}

Read<std::vector<NewEvent>> events_of(ondemand::value value) {
    ondemand::array items;
    if (value.get_array().get(items) != simdjson::SUCCESS)
        return std::unexpected(wrong("events", "an array of events"));
    std::vector<NewEvent> events;
    for (auto item : items) {
        ondemand::value each;
        if (item.get(each) != simdjson::SUCCESS)
            return std::unexpected(wrong("events", "an array of events"));
        auto event = event_of(each);
        if (!event) {
            auto error = std::move(event).error();
            error.field = fmt::format("[{}].{}", events.size(), error.field);
            return std::unexpected(std::move(error));
        }
        events.push_back(*std::move(event));
    }
    return events;
}

Read<eventstore::Expected> expected_of(ondemand::value value) {
    std::int64_t number = 0;
    if (value.get_int64().get(number) == simdjson::SUCCESS && number >= 0)
        return eventstore::Expected::exactly(static_cast<eventstore::Version>(number));
    std::string_view word;
    if (value.get_string().get(word) == simdjson::SUCCESS)
        if (const auto expected = parse_expected(word)) return *expected;
    return std::unexpected(wrong("expected", "\"any\", \"no-stream\", \"exists\" or a version"));
}

Read<eventstore::StreamAppend> append_of(ondemand::object object) {
    eventstore::StreamAppend append;
    for (auto field : object) {
        std::string_view name;
        if (field.unescaped_key().get(name) != simdjson::SUCCESS)
            return std::unexpected(wrong("appends", "objects"));
        const std::string key{name};
        if (key == "stream") {
            auto stream = text(field.value(), key);
            if (!stream) return std::unexpected(std::move(stream).error());
            append.stream = *std::move(stream);
        } else if (key == "expected") {
            auto expected = expected_of(field.value());
            if (!expected) return std::unexpected(std::move(expected).error());
            append.expected = *expected;
        } else if (key == "events") {
            auto events = events_of(field.value());
            if (!events) return std::unexpected(std::move(events).error());
            append.events = *std::move(events);
        } else {
            return std::unexpected(unknown_field(key, "stream, expected, events"));
        }
    }
    if (append.stream.empty())
        return std::unexpected(JsonError{"missing_field", "stream", "is required"});
    return append;
}

Read<eventstore::Unchanged> condition_of(ondemand::object object) {
    eventstore::Unchanged condition;
    for (auto field : object) {
        std::string_view name;
        if (field.unescaped_key().get(name) != simdjson::SUCCESS)
            return std::unexpected(wrong("conditions", "objects"));
        const std::string key{name};
        if (key == "after") {
            if (field.value().get_uint64().get(condition.after) != simdjson::SUCCESS)
                return std::unexpected(wrong("after", "a position"));
            continue;
        }
        auto* list = key == "categories" ? &condition.filter.categories
                     : key == "types"    ? &condition.filter.types
                     : key == "tags"     ? &condition.filter.tags
                                         : nullptr;
        if (list == nullptr)
            return std::unexpected(unknown_field(key, "after, categories, types, tags"));
        auto values = texts(field.value(), key);
        if (!values) return std::unexpected(std::move(values).error());
        *list = *std::move(values);
    }
    if (condition.filter.empty())
        return std::unexpected(
            JsonError{"missing_field", "tags", "a condition names categories, types or tags"});
    return condition;
}

// Reads an array of objects, with the place of the first bad one in the error.
template <class T, class ReadOne>
std::optional<JsonError> read_array(ondemand::value value, std::string_view field,
                                    std::vector<T>& out, ReadOne read_one) {
    ondemand::array items;
    if (value.get_array().get(items) != simdjson::SUCCESS) return wrong(field, "an array");
    for (auto item : items) {
        ondemand::object object;
        if (item.get_object().get(object) != simdjson::SUCCESS)
            return wrong(field, "an array of objects");
        auto one = read_one(object);
        if (!one) {
            auto error = std::move(one).error();
            error.field = fmt::format("{}[{}].{}", field, out.size(), error.field);
            return error;
        }
        out.push_back(*std::move(one));
    }
    return std::nullopt;
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += fmt::format("\"{}\":", name);
    append_json_string(out, value);
    out += ',';
}

}  // namespace

std::optional<eventstore::Expected> parse_expected(std::string_view word) {
    if (word == "any") return eventstore::Expected::any();
    if (word == "no-stream") return eventstore::Expected::no_stream();
    if (word == "exists") return eventstore::Expected::exists();
    eventstore::Version version = 0;
    const auto end = word.data() + word.size();
    const auto [read, code] = std::from_chars(word.data(), end, version);
    if (code != std::errc{} || read != end) return std::nullopt;
    return eventstore::Expected::exactly(version);
}

Read<std::vector<NewEvent>> read_events(std::string_view body) {
    if (auto checked = check_json(body, false); !checked)
        return std::unexpected(std::move(checked).error());
    const simdjson::padded_string padded{body};
    ondemand::parser parser;
    ondemand::document document;
    ondemand::value root;
    if (parser.iterate(padded).get(document) != simdjson::SUCCESS ||
        document.get_value().get(root) != simdjson::SUCCESS)
        return std::unexpected(wrong("", "an event or an array of events"));
    if (root.type() == ondemand::json_type::array) return events_of(root);
    auto event = event_of(root);
    if (!event) return std::unexpected(std::move(event).error());
    return std::vector<NewEvent>{*std::move(event)};
}

Read<Commit> read_commit(std::string_view body) {
    if (auto checked = check_json(body, true); !checked)
        return std::unexpected(std::move(checked).error());
    const simdjson::padded_string padded{body};
    ondemand::parser parser;
    ondemand::document document;
    ondemand::object root;
    if (parser.iterate(padded).get(document) != simdjson::SUCCESS ||
        document.get_object().get(root) != simdjson::SUCCESS)
        return std::unexpected(wrong("", "an object"));
    Commit commit;
    for (auto field : root) {
        std::string_view name;
        if (field.unescaped_key().get(name) != simdjson::SUCCESS)
            return std::unexpected(wrong("", "an object"));
        const std::string key{name};
        std::optional<JsonError> error;
        if (key != "appends" && key != "conditions")
            return std::unexpected(unknown_field(key, "appends, conditions"));
        if (key == "appends") error = read_array(field.value(), key, commit.appends, append_of);
        if (key == "conditions")
            error = read_array(field.value(), key, commit.conditions, condition_of);
        if (error) return std::unexpected(*std::move(error));
    }
    if (commit.appends.empty())
        return std::unexpected(JsonError{"missing_field", "appends", "is required"});
    return commit;
}

void append_event_json(std::string& out, const RecordedEvent& event) {
    std::string source = "/streams/" + event.stream;
    std::string subject;
    std::string time = to_text(event.time);
    std::string tags;
    for (const auto& tag : event.data.tags) {
        if (tag.starts_with("source:"))
            source = tag.substr(7);
        else if (tag.starts_with("subject:"))
            subject = tag.substr(8);
        else if (tag.starts_with("time:"))
            time = tag.substr(5);
        tags += tags.empty() ? "" : ",";
        append_json_string(tags, tag);
    }
    out += "{\"specversion\":\"1.0\",";
    append_member(out, "id", eventstore::id_of(event));
    append_member(out, "source", source);
    append_member(out, "subject", subject);
    append_member(out, "type", event.data.type);
    append_member(out, "time", time);
    out += "\"datacontenttype\":\"application/json\",";
    out += fmt::format("\"position\":{},", event.position);
    append_member(out, "stream", event.stream);
    out += fmt::format("\"version\":{},", event.version);
    append_member(out, "recordedtime", to_text(event.time));
    append_member(out, "correlationid", event.data.correlation_id);
    append_member(out, "causationid", event.data.causation_id);
    append_member(out, "actor", event.data.actor);
    out += fmt::format("\"tags\":[{}],\"leafhash\":\"{}\",\"data\":{}}}", tags,
                       eventstore::to_hex(event.leaf), event.data.payload);
}

}  // namespace yeyak::eventstore
