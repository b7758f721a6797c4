#include "api/routes/binary_event.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/http/negotiation.h"
#include "api/routes/common.h"
#include "api/routes/event_body.h"
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

std::expected<std::string, Response> text_of_field(const std::string& field,
                                                   std::string_view value) {
    auto text = percent_decode(unquoted(value));
    const auto refused = [&](int status, std::string_view code, std::string_view why) {
        return std::unexpected(problem(status, code, fmt::format("{} {}", field, why), field));
    };
    if (!text) return refused(400, "bad_escape", "has a % that is no escape; it is written %25");
    if (!is_utf8(*text)) return refused(422, "bad_utf8", "is not UTF-8");
    // Escapes may hide what the request itself does not show.
    if (privacy::mentions_seal(*text))
        return refused(422, "reserved_text", "begins like a sealed value");
    return *std::move(text);
}

// What the request says elsewhere.
std::optional<Response> refuse_name(const std::string& field, std::string_view name) {
    const auto reserved = [&](std::string_view why) {
        return problem(400, "reserved_attribute", why, field);
    };
    if (name == "datacontenttype")
        return reserved("in binary mode Content-Type is the type of the data");
    if (name == "data" || name == "data_base64")
        return reserved("in binary mode the body is the data");
    return std::nullopt;
}

std::expected<Attributes, Response> attributes_of(const http::Request& request) {
    Attributes attributes;
    for (const auto& each : request.headers) {
        const auto field = lower_case(each.name);
        if (!field.starts_with(prefix)) continue;
        const auto name = field.substr(prefix.size());
        if (std::ranges::find(attributes, name, [](const auto& known) { return known.first; }) !=
            attributes.end())
            return std::unexpected(
                problem(400, "duplicate_key", fmt::format("{} occurs twice", field), field));
        if (auto refused = refuse_name(field, name)) return std::unexpected(*std::move(refused));
        auto text = text_of_field(field, each.value);
        if (!text) return std::unexpected(std::move(text).error());
        attributes.emplace_back(name, *std::move(text));
    }
    const auto type = request.header("Content-Type");
    if (type && !is_utf8(*type))
        return std::unexpected(
            problem(422, "bad_utf8", "Content-Type is not UTF-8", "Content-Type"));
    if (type && !type->empty()) attributes.emplace_back("datacontenttype", *type);
    return attributes;
}

// Attributes by the names of the fields that tell them.
Response refuse_attributes(BodyErrors errors) {
    for (auto& error : errors)
        error.field = error.field == "datacontenttype" ? "Content-Type"
                                                       : fmt::format("{}{}", prefix, error.field);
    return refuse_header(std::move(errors));
}

// A text that can be kept as characters: of a type that is text, in the one encoding of JSON.
bool is_text(std::string_view content_type, std::string_view body) {
    const auto type = lower_case(http::media_type(content_type));
    return (type.starts_with("text/") || type.ends_with("/xml") || type.ends_with("+xml")) &&
           is_utf8(body);
}

std::optional<JsonError> take_body(eventstore::NewEvent& event, std::string_view type,
                                   std::string_view body) {
    if (body.empty()) return std::nullopt;
    event.form = DataForm::json;
    if (eventstore::is_json_type(type)) {
        if (auto checked = check_json(body, false); !checked) return std::move(checked).error();
        const auto first = body.find_first_not_of(" \t\r\n");
        const auto last = body.find_last_not_of(" \t\r\n");
        event.payload = body.substr(first, last - first + 1);
        return std::nullopt;
    }
    const bool text = is_text(type, body);
    if (!text) event.form = DataForm::base64;
    event.payload.clear();
    append_json_string(event.payload, text ? std::string{body} : eventstore::base64(body));
    return std::nullopt;
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
    const auto attributes = attributes_of(request);
    if (!attributes) return std::unexpected(attributes.error());
    auto event = read_attributes(*attributes);
    if (!event) return std::unexpected(refuse_attributes(std::move(event).error()));
    const auto type = request.header("Content-Type").value_or("");
    if (const auto bad = take_body(*event, type, request.body))
        return std::unexpected(problem_of(*bad));
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
