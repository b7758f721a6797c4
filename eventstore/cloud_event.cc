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
using Wrong = std::optional<JsonError>;

constexpr std::size_t max_name = 64;
// The log says these itself; the last is no attribute but what they are about.
constexpr std::array<std::string_view, 6> not_for_writers{"position",     "version",  "stream",
                                                          "recordedtime", "leafhash", "data"};
constexpr std::string_view json_type = "application/json";

JsonError wrong(std::string_view name, std::string_view must) {
    return {"wrong_type", std::string{name}, fmt::format("must be {}", must)};
}

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

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

bool is_media_type(std::string_view text) {
    const auto type = without_parameters(text);
    const auto slash = type.find('/');
    return slash != std::string_view::npos && is_token(type.substr(0, slash)) &&
           is_token(type.substr(slash + 1)) &&
           std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; });
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

Wrong check_name(std::string_view name) {
    if (std::ranges::find(not_for_writers, name) != not_for_writers.end())
        return JsonError{"reserved_attribute", std::string{name},
                         "is no attribute that a writer can give; leave it out"};
    if (!name.empty() && name.size() <= max_name && std::ranges::all_of(name, is_lower_or_digit))
        return std::nullopt;
    return JsonError{"unknown_field", std::string{name},
                     "is no attribute of an event: their names are 1 to 64 lower-case letters and "
                     "digits"};
}

// Of the attributes that the specification knows, what they must look like; extensions are free.
Wrong check_value(std::string_view name, const std::string& value) {
    if (name == "specversion" && value != "1.0") return wrong(name, "\"1.0\"");
    if (name == "source" && !is_uri_reference(value))
        return wrong(name, "a URI-reference (RFC 3986) that is not empty");
    if (name == "dataschema" && !is_uri(value))
        return wrong(name, "a URI with a scheme (RFC 3986)");
    if (name == "time" && !parse_instant(value)) return wrong(name, "an RFC 3339 instant");
    if (name == "datacontenttype" && !is_media_type(value))
        return wrong(name, "a media type such as application/json");
    constexpr std::array<std::string_view, 6> not_empty{"type",          "id",          "subject",
                                                        "correlationid", "causationid", "actor"};
    if (value.empty() && std::ranges::find(not_empty, name) != not_empty.end())
        return wrong(name, "a text that is not empty");
    return std::nullopt;
}

// The attributes with places of their own in an event.
std::string* place_of(NewEvent& event, std::string_view name) {
    return name == "type"            ? &event.type
           : name == "id"            ? &event.event_id
           : name == "correlationid" ? &event.correlation_id
           : name == "causationid"   ? &event.causation_id
           : name == "actor"         ? &event.actor
                                     : nullptr;
}

bool is_of_specification(std::string_view name) {
    constexpr std::array<std::string_view, 6> known{"specversion", "source",     "subject",
                                                    "time",        "dataschema", "datacontenttype"};
    return std::ranges::find(known, name) != known.end();
}

JsonError missing(std::string_view name) {
    return {"missing_field", std::string{name}, "is required"};
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

std::optional<JsonError> EventDraft::take(std::string_view name, Type type, std::string value) {
    if (auto bad = check_name(name)) return bad;
    auto* const place = place_of(event_, name);
    if (type != Type::text && (place != nullptr || is_of_specification(name) || name == "tags"))
        return wrong(name, "a text");
    if (has_control(value)) return wrong(name, "a text without control characters");
    if (auto bad = check_value(name, value)) return bad;
    if (place != nullptr) {
        *place = std::move(value);
    } else if (name == "specversion") {
        says_version_ = true;
    } else if (name == "tags") {
        auto tags = split_tags(value);
        if (!tags) return wrong(name, "tags with commas between them, \"user:1,order:9\"");
        event_.tags = *std::move(tags);
    } else {
        event_.attributes.push_back({std::string{name}, type, std::move(value)});
    }
    return std::nullopt;
}

void EventDraft::take_tags(std::vector<std::string> tags) {
    event_.tags = std::move(tags);
    has_tag_list_ = true;
}

std::optional<JsonError> EventDraft::take_data(DataForm form, std::string payload) {
    if (has_data_) return wrong("data_base64", "absent beside data");
    has_data_ = true;
    event_.form = form;
    event_.payload = std::move(payload);
    return std::nullopt;
}

std::expected<NewEvent, JsonError> EventDraft::finish(bool sent_as_cloud_event) && {
    if (event_.type.empty()) return std::unexpected(missing("type"));
    if (sent_as_cloud_event || says_version_) {
        if (!says_version_) return std::unexpected(missing("specversion"));
        if (event_.event_id.empty()) return std::unexpected(missing("id"));
        if (value_of(event_, "source").empty()) return std::unexpected(missing("source"));
        if (has_tag_list_)
            return std::unexpected(
                wrong("tags", "a text in a CloudEvent, which knows no lists: \"user:1,order:9\""));
    } else if (!has_data_) {
        return std::unexpected(missing("data"));
    }
    if (!has_data_) {
        event_.form = DataForm::none;
        event_.payload = "null";
    }
    std::ranges::sort(event_.attributes, {}, &Attribute::name);
    return std::move(event_);
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
