#include "eventstore/cloud_event.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "eventstore/hash.h"
#include "kernel/percent.h"
#include "kernel/time.h"
#include "kernel/utf8.h"

namespace yeyak::eventstore {
namespace {

using Type = Attribute::Type;
constexpr std::string_view json_type = "application/json";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
        return is_letter(c) || is_digit(c) || marks.contains(c);
    });
}

std::string_view without_parameters(std::string_view media_type) {
    media_type = media_type.substr(0, media_type.find(';'));
    while (media_type.ends_with(' ') || media_type.ends_with('\t')) media_type.remove_suffix(1);
    return media_type;
}

std::string joined(const std::vector<std::string>& tags) {
    std::string out;
    for (const auto& tag : tags) {
        if (!out.empty()) out += ',';
        for (const char c : tag) {
            if (c == ',' || c == '%')
                out += c == ',' ? "%2C" : "%25";
            else
                out += c;
        }
    }
    return out;
}

bool is_of_specification(std::string_view name) {
    constexpr std::array<std::string_view, 6> known{"specversion", "source",     "subject",
                                                    "time",        "dataschema", "datacontenttype"};
    return std::ranges::find(known, name) != known.end();
}

std::string_view value_of(const NewEvent& event, std::string_view name) {
    const auto at = std::ranges::find(event.attributes, name, &Attribute::name);
    return at == event.attributes.end() ? std::string_view{} : at->value;
}

// What stands in the attributes of the specification that an event may leave out.
struct Said {
    std::string source;
    std::string subject;
    std::string time;
    std::string data_type;
};

// In records of format 1 the writer's source, subject and time were tags. A tag that merely begins
// like one is none of them.
Said said_in_tags(const RecordedEvent& event) {
    Said said{source_of(event.stream, event.data), "", to_text(event.time), std::string{json_type}};
    for (const std::string_view tag : event.data.tags) {
        const auto value = tag.substr(std::min(tag.size(), tag.find(':') + 1));
        if (tag.starts_with("source:") && is_uri_reference(value)) said.source = value;
        if (tag.starts_with("subject:") && !value.empty()) said.subject = value;
        if (tag.starts_with("time:") && parse_instant(value)) said.time = value;
    }
    return said;
}

Said said_of(const RecordedEvent& event) {
    if (event.format < record_format) return said_in_tags(event);
    Said said{source_of(event.stream, event.data), std::string{value_of(event.data, "subject")},
              std::string{value_of(event.data, "time")},
              std::string{value_of(event.data, "datacontenttype")}};
    if (!value_of(event.data, "source").empty()) return said;
    if (said.time.empty()) said.time = to_text(event.time);
    if (said.data_type.empty() && event.data.form == DataForm::json) said.data_type = json_type;
    return said;
}

}  // namespace

// The characters of RFC 3986, and what an escape is made of.
bool is_uri_reference(std::string_view text) {
    constexpr std::string_view marks = "-._~:/?#[]@!$&'()*+,;=";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
            continue;
        }
        if (!is_letter(c) && !is_digit(c) && !marks.contains(c)) return false;
    }
    return !text.empty() && std::ranges::count(text, '#') <= 1;
}

bool is_uri(std::string_view text) {
    const auto scheme = text.substr(0, text.find(':'));
    return scheme.size() < text.size() && !scheme.empty() && is_letter(scheme[0]) &&
           std::ranges::all_of(
               scheme,
               [](char c) {
                   return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
               }) &&
           is_uri_reference(text);
}

bool is_media_type(std::string_view text) {
    const auto type = without_parameters(text);
    const auto slash = type.find('/');
    return slash != std::string_view::npos && is_token(type.substr(0, slash)) &&
           is_token(type.substr(slash + 1)) &&
           std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; });
}

std::optional<std::vector<std::string>> split_tags(std::string_view text) {
    std::vector<std::string> tags;
    while (true) {
        const auto comma = text.find(',');
        auto tag = percent_decode(text.substr(0, comma));
        if (!tag) return std::nullopt;
        tags.push_back(*std::move(tag));
        if (comma == std::string_view::npos) return tags;
        text.remove_prefix(comma + 1);
    }
}

void each_attribute(const RecordedEvent& event, const AttributeVisit& visit) {
    const auto text = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) visit(name, Type::text, value);
    };
    const auto said = said_of(event);
    text("specversion", "1.0");
    text("id", id_of(event));
    text("source", said.source);
    text("subject", said.subject);
    text("type", event.data.type);
    text("time", said.time);
    text("datacontenttype", said.data_type);
    for (const auto& [name, type, value] : event.data.attributes)
        if (!is_of_specification(name) || name == "dataschema") visit(name, type, value);
    visit("position", Type::integer, std::to_string(event.position));
    text("stream", event.stream);
    visit("version", Type::integer, std::to_string(event.version));
    text("recordedtime", to_text(event.time));
    text("correlationid", event.data.correlation_id);
    text("causationid", event.data.causation_id);
    text("actor", event.data.actor);
    text("tags", joined(event.data.tags));
    text("leafhash", to_hex(event.leaf));
}

std::string source_of(std::string_view stream, const NewEvent& event) {
    const auto own = value_of(event, "source");
    return own.empty() ? "/streams/" + percent_encode(stream) : std::string{own};
}

std::string data_type_of(const RecordedEvent& event) { return said_of(event).data_type; }

bool is_json_type(std::string_view media_type) {
    std::string type{without_parameters(media_type)};
    std::ranges::transform(type, type.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return type.empty() || type.ends_with("/json") || type.ends_with("+json");
}

}  // namespace yeyak::eventstore
