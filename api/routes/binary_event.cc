#include "api/routes/binary_event.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/http/negotiation.h"
#include "api/routes/common.h"
#include "eventstore/base64.h"
#include "eventstore/cloud_event.h"
#include "kernel/json_parse.h"
#include "kernel/percent.h"
#include "kernel/utf8.h"
#include "privacy/seal.h"

namespace yeyak::api {
namespace {

using eventstore::Attribute;
using eventstore::DataForm;
using eventstore::EventDraft;
using http::problem;
using http::Response;

constexpr std::string_view prefix = "ce-";

std::string lower_case(std::string_view text) {
    std::string lower{text};
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

// "a \"b\"" of RFC 9110 section 5.6.4 without its quotes; anything else as it is.
std::string unquoted(std::string_view value) {
    if (value.size() < 2 || !value.starts_with('"') || !value.ends_with('"'))
        return std::string{value};
    value = value.substr(1, value.size() - 2);
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\' && i + 1 < value.size()) ++i;
        text += value[i];
    }
    return text;
}

std::string encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c > ' ' && c < 0x7f && c != '"' && c != '%')
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::optional<Response> take_field(EventDraft& draft, const std::string& field,
                                   const std::string& name, std::string_view value) {
    const auto text = percent_decode(unquoted(value));
    if (!text)
        return problem(400, "bad_escape",
                       fmt::format("{}: a % that is no escape is written %25", field), field);
    if (!is_utf8(*text))
        return problem(422, "bad_utf8", fmt::format("{} is not UTF-8", field), field);
    // Escapes may hide what the request itself does not show.
    if (privacy::mentions_seal(*text))
        return problem(422, "reserved_text", fmt::format("{} begins like a sealed value", field),
                       field);
    if (name == "datacontenttype")
        return problem(400, "reserved_attribute",
                       "in binary mode Content-Type is the type of the data", field);
    if (auto error = draft.take(name, Attribute::Type::text, *text)) {
        error->field = field;
        return problem_of(*error);
    }
    return std::nullopt;
}

std::optional<Response> take_fields(EventDraft& draft, const http::Headers& headers) {
    std::vector<std::string> seen;
    for (const auto& each : headers) {
        const auto field = lower_case(each.name);
        if (!field.starts_with(prefix)) continue;
        if (std::ranges::find(seen, field) != seen.end())
            return problem(400, "duplicate_key", fmt::format("{} occurs twice", field), field);
        seen.push_back(field);
        if (auto bad = take_field(draft, field, field.substr(prefix.size()), each.value))
            return bad;
    }
    return std::nullopt;
}

// A text that can be kept as characters: of a type that is text, in the one encoding of JSON.
bool is_text(std::string_view content_type, std::string_view body) {
    const auto type = lower_case(http::media_type(content_type));
    return (type.starts_with("text/") || type.ends_with("/xml") || type.ends_with("+xml")) &&
           is_utf8(body);
}

std::optional<JsonError> take_body(EventDraft& draft, std::string_view type,
                                   std::string_view body) {
    if (body.empty()) return std::nullopt;
    if (eventstore::is_json_type(type)) {
        if (auto checked = check_json(body, false); !checked) return std::move(checked).error();
        const auto first = body.find_first_not_of(" \t\r\n");
        const auto last = body.find_last_not_of(" \t\r\n");
        return draft.take_data(DataForm::json, std::string{body.substr(first, last - first + 1)});
    }
    const bool text = is_text(type, body);
    std::string payload;
    append_json_string(payload, text ? std::string{body} : eventstore::base64(body));
    return draft.take_data(text ? DataForm::json : DataForm::base64, std::move(payload));
}

// The characters of a JSON string.
std::optional<std::string> text_of(std::string_view json) {
    const auto document = json_detail::parse_document(json);
    std::string_view text;
    if (!document || document->get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    return std::string{text};
}

std::string data_of(const eventstore::RecordedEvent& event) {
    const auto& payload = event.data.payload;
    switch (event.data.form) {
        case DataForm::none:
            return {};
        case DataForm::base64:
            return eventstore::from_base64(text_of(payload).value_or("")).value_or("");
        case DataForm::json:
            break;
    }
    if (eventstore::is_json_type(eventstore::data_type_of(event))) return payload;
    return text_of(payload).value_or(payload);
}

}  // namespace

std::expected<eventstore::NewEvent, Response> read_binary_event(const http::Request& request) {
    EventDraft draft;
    if (auto bad = take_fields(draft, request.headers)) return std::unexpected(*std::move(bad));
    const auto type = request.header("Content-Type");
    if (type && !type->empty())
        if (const auto bad =
                draft.take("datacontenttype", Attribute::Type::text, std::string{*type}))
            return std::unexpected(problem_of(*bad));
    if (const auto bad = take_body(draft, type.value_or(""), request.body))
        return std::unexpected(problem_of(*bad));
    auto event = std::move(draft).finish(true);
    if (!event) {
        auto error = std::move(event).error();
        error.field = fmt::format("{}{}", prefix, error.field);
        return std::unexpected(problem_of(error));
    }
    return *std::move(event);
}

Response binary_event(const eventstore::RecordedEvent& event) {
    Response response;
    eventstore::each_attribute(
        event, [&](std::string_view name, Attribute::Type, std::string_view value) {
            if (name != "datacontenttype")
                response.headers.add(fmt::format("{}{}", prefix, name), encoded(value));
        });
    response.content_type = eventstore::data_type_of(event);
    // In JSON data of no type is JSON; a body without a type could be anything.
    if (response.content_type.empty() && event.data.form == DataForm::json)
        response.content_type = "application/json";
    response.body = data_of(event);
    return response;
}

}  // namespace yeyak::api
