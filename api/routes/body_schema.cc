// Bodies as JSON Schema.
#include <fmt/format.h>

#include <algorithm>

#include "api/routes/body.h"
#include "kernel/json_table.h"
#include "server/config/config.h"

namespace yeyak::api {

using json_detail::FieldTable;
using json_detail::Kind;
using json_detail::TypeTable;

namespace {

// Without control characters; see has_control().
constexpr std::string_view one_line = R"(^[^\u0000-\u001F\u007F-\u009F]*$)";
constexpr std::string_view some_lines =
    R"(^[^\u0000-\u0009\u000B\u000C\u000E-\u001F\u007F-\u009F]*$)";

std::string quoted(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

// The types of JSON that one is read from; see Reading.
std::vector<std::string_view> types_of(const TypeTable& type, Reading reading) {
    const bool lenient = reading == Reading::lenient;
    switch (type.kind) {
        case Kind::boolean:
            return {"boolean"};
        case Kind::integer:
        case Kind::won:
            return lenient ? std::vector<std::string_view>{"integer", "string"}
                           : std::vector<std::string_view>{"integer"};
        case Kind::fraction:
            return {"number"};
        case Kind::text:
            return lenient ? std::vector<std::string_view>{"string", "integer"}
                           : std::vector<std::string_view>{"string"};
        case Kind::list:
            return {"array"};
        case Kind::structure:
            return {"object"};
        case Kind::optional: {
            auto types = types_of(*type.inner, reading);
            types.push_back("null");
            return types;
        }
        case Kind::instant:
        case Kind::date:
        case Kind::enumeration:
            return {"string"};
    }
    return {};
}

std::string type_member(const TypeTable& type, Reading reading) {
    std::string list;
    const auto types = types_of(type, reading);
    for (const auto name : types) list += fmt::format("{}\"{}\"", list.empty() ? "" : ",", name);
    return types.size() == 1 ? "\"type\":" + list : fmt::format("\"type\":[{}]", list);
}

std::string enum_member(const std::vector<std::string_view>& words, bool optional) {
    std::string list;
    for (const auto word : words) list += (list.empty() ? "" : ",") + quoted(word);
    return fmt::format(",\"enum\":[{}{}]", list, optional ? ",null" : "");
}

// "anyOf" with one entry for each name that suffices.
std::string choice_member(std::string_view keyword, const std::vector<std::string_view>& names) {
    if (names.empty()) return {};
    std::string list;
    for (const auto name : names)
        list += fmt::format("{}{{\"required\":[{}]}}", list.empty() ? "" : ",", quoted(name));
    return fmt::format(",\"{}\":[{}]", keyword, list);
}

}  // namespace

std::string Field::text_members() const {
    std::string members;
    if (longest_ > 0)
        members = fmt::format(",\"minLength\":{},\"maxLength\":{}", shortest_, longest_);
    const auto pattern = form_ && !form_->pattern.empty() ? form_->pattern
                         : has_lines_                     ? some_lines
                                                          : one_line;
    return members + ",\"pattern\":" + quoted(pattern);
}

// What follows the type. Keywords of texts do not concern numbers, nor the other way round.
std::string Field::members_of(const TypeTable& type, Reading reading,
                              const server::LimitsConfig& limits) const {
    switch (type.kind) {
        case Kind::optional:
            return members_of(*type.inner, reading, limits);
        case Kind::text:
            if (!words_.empty()) return {};
            return text_members();
        case Kind::integer:
        case Kind::won: {
            const auto [least, most] = range(limits);
            return fmt::format(",\"minimum\":{},\"maximum\":{}{}", least, most,
                               reading == Reading::lenient ? R"(,"pattern":"^-?[0-9]+$")" : "");
        }
        case Kind::fraction:
            return fmt::format(",\"minimum\":{},\"maximum\":{}", range_->least, range_->most);
        case Kind::list:
            return fmt::format(",\"maxItems\":{},\"items\":{{{}{}}}", items_,
                               type_member(*type.inner, reading),
                               members_of(*type.inner, reading, limits));
        case Kind::date:
            return ",\"format\":\"date\"";
        case Kind::enumeration: {
            std::vector<std::string_view> names;
            for (const auto& each : type.enumerators) names.push_back(each.name);
            return enum_member(names, false);
        }
        default:
            return {};
    }
}

std::string Field::schema(const TypeTable& type, Reading reading,
                          const server::LimitsConfig& limits) const {
    auto text = "{" + type_member(type, reading) + members_of(type, reading, limits);
    if (!words_.empty()) text += enum_member(words_, type.kind == Kind::optional);
    if (!about_.empty()) text += ",\"description\":" + quoted(about_);
    return text + "}";
}

std::string BodyRules::schema(const server::LimitsConfig& limits) const {
    std::string required;
    std::string properties;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const FieldTable& each = type_.fields[i];
        properties += fmt::format("{}{}:{}", properties.empty() ? "" : ",", quoted(each.key()),
                                  fields_[i].schema(*each.type, reading_, limits));
        if (each.type->kind != Kind::optional)
            required += (required.empty() ? "" : ",") + quoted(each.key());
    }
    for (const auto name : options_.ignored)
        properties += fmt::format("{}{}:{{\"description\":\"accepted and ignored\"}}",
                                  properties.empty() ? "" : ",", quoted(name));
    return fmt::format(
        R"({{"type":"object"{},"properties":{{{}}},"additionalProperties":false{}{}}})",
        required.empty() ? "" : fmt::format(",\"required\":[{}]", required), properties,
        choice_member("oneOf", options_.one_of), choice_member("anyOf", options_.any_of));
}

}  // namespace yeyak::api
