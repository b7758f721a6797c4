#include "eventstore/event_json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>

#include "eventstore/base64.h"
#include "eventstore/cloud_event.h"

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

std::string_view trimmed(std::string_view json) {
    return json.substr(0, json.find_last_not_of(" \t\r\n") + 1);
}

// Any JSON, as it was written.
Read<std::string> raw(ondemand::value value, std::string_view field) {
    std::string_view found;
    ondemand::object object;
    ondemand::array array;
    const auto type = value.type();
    if (type.error() != simdjson::SUCCESS) return std::unexpected(wrong(field, "JSON"));
    auto status = simdjson::SUCCESS;
    if (type.value_unsafe() == ondemand::json_type::object) {
        status = value.get_object().get(object);
        if (status == simdjson::SUCCESS) status = object.raw_json().get(found);
    } else if (type.value_unsafe() == ondemand::json_type::array) {
        status = value.get_array().get(array);
        if (status == simdjson::SUCCESS) status = array.raw_json().get(found);
    } else {
        found = value.raw_json_token();  // with the blanks behind it
    }
    if (status != simdjson::SUCCESS) return std::unexpected(wrong(field, "JSON"));
    return std::string{trimmed(found)};
}

std::optional<JsonError> take_base64(EventDraft& draft, ondemand::value value) {
    auto bytes = text(value, "data_base64");
    if (!bytes || !from_base64(*bytes))
        return wrong("data_base64", "base64 (RFC 4648) with padding");
    std::string payload;
    append_json_string(payload, *bytes);
    return draft.take_data(DataForm::base64, std::move(payload));
}

// A number or truth value of an extension attribute.
std::optional<JsonError> take_scalar(EventDraft& draft, std::string_view name,
                                     ondemand::value value) {
    bool truth = false;
    if (value.get_bool().get(truth) == simdjson::SUCCESS)
        return draft.take(name, Attribute::Type::boolean, truth ? "true" : "false");
    std::int64_t number = 0;
    if (value.get_int64().get(number) == simdjson::SUCCESS && number >= INT32_MIN &&
        number <= INT32_MAX)
        return draft.take(name, Attribute::Type::integer, std::to_string(number));
    return wrong(name, "a text, true or false, or a whole number of 32 bits");
}

// One member of an event in JSON. An attribute that is null is one that is not there.
std::optional<JsonError> take_member(EventDraft& draft, std::string_view name,
                                     ondemand::value value) {
    if (name == "data") {
        auto data = raw(value, name);
        if (!data) return std::move(data).error();
        return draft.take_data(DataForm::json, *std::move(data));
    }
    if (value.is_null()) return std::nullopt;
    if (name == "data_base64") return take_base64(draft, value);
    const auto type = value.type();
    if (type.error() != simdjson::SUCCESS) return wrong(name, "JSON");
    if (name == "tags" && type.value_unsafe() == ondemand::json_type::array) {
        auto tags = texts(value, name);
        if (!tags) return std::move(tags).error();
        draft.take_tags(*std::move(tags));
        return std::nullopt;
    }
    if (type.value_unsafe() != ondemand::json_type::string) return take_scalar(draft, name, value);
    auto given = text(value, name);
    if (!given) return std::move(given).error();
    return draft.take(name, Attribute::Type::text, *std::move(given));
}

Read<NewEvent> event_of(ondemand::value value, bool sent_as_cloud_event) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
        return std::unexpected(wrong("", "an event: {\"type\":…,\"data\":…}"));
    EventDraft draft;
    for (auto field : object) {
        std::string_view name;
        if (field.unescaped_key().get(name) != simdjson::SUCCESS)
            return std::unexpected(wrong("", "an object"));
        const std::string copy{name};  // the next read may reuse its buffer
        if (auto error = take_member(draft, copy, field.value()))
            return std::unexpected(*std::move(error));
    }
    return std::move(draft).finish(sent_as_cloud_event);
}

Read<std::vector<NewEvent>> events_of(ondemand::value value, bool sent_as_cloud_events) {
    ondemand::array items;
    if (value.get_array().get(items) != simdjson::SUCCESS)
        return std::unexpected(wrong("events", "an array of events"));
    std::vector<NewEvent> events;
    for (auto item : items) {
        ondemand::value each;
        if (item.get(each) != simdjson::SUCCESS)
            return std::unexpected(wrong("events", "an array of events"));
        auto event = event_of(each, sent_as_cloud_events);
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
            auto events = events_of(field.value(), false);
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

Read<std::vector<NewEvent>> read_events(std::string_view body, Envelope envelope) {
    if (auto checked = check_json(body, false); !checked)
        return std::unexpected(std::move(checked).error());
    const simdjson::padded_string padded{body};
    ondemand::parser parser;
    ondemand::document document;
    ondemand::value root;
    if (parser.iterate(padded).get(document) != simdjson::SUCCESS ||
        document.get_value().get(root) != simdjson::SUCCESS)
        return std::unexpected(wrong("", "an event or an array of events"));
    const bool list = root.type() == ondemand::json_type::array;
    if (envelope == Envelope::structured && list)
        return std::unexpected(
            wrong("", "one event; several are application/cloudevents-batch+json"));
    if (envelope == Envelope::batch && !list)
        return std::unexpected(wrong("", "an array of events"));
    if (list) return events_of(root, envelope == Envelope::batch);
    auto event = event_of(root, envelope == Envelope::structured);
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
    out += '{';
    each_attribute(event, [&](std::string_view name, Attribute::Type type, std::string_view value) {
        append_json_string(out, name);
        out += ':';
        if (type == Attribute::Type::text)
            append_json_string(out, value);
        else
            out += value;
        out += ',';
    });
    if (event.data.form == DataForm::none)
        out.back() = '}';
    else
        out +=
            fmt::format("\"{}\":{}}}", event.data.form == DataForm::base64 ? "data_base64" : "data",
                        event.data.payload);
}

}  // namespace yeyak::eventstore
