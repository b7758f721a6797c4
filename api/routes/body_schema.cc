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
        case Kind::any:
        case Kind::choice:
        case Kind::others:
            return {};  // see members_of()
    }
    return {};
}

std::string list_of(const std::vector<std::string_view>& texts) {
    std::string list;
    for (const auto text : texts) list += (list.empty() ? "" : ",") + quoted(text);
    return "[" + list + "]";
}

std::string type_member(const std::vector<std::string_view>& types) {
    return ",\"type\":" + (types.size() == 1 ? quoted(types.front()) : list_of(types));
}

// An object of members that begin with commas.
std::string object_of(std::string_view members) {
    return fmt::format("{{{}}}", members.substr(members.empty() ? 0 : 1));
}

std::string enum_member(const std::vector<std::string_view>& words, bool optional) {
    auto list = list_of(words);
    if (optional) list.insert(list.size() - 1, ",null");
    return ",\"enum\":" + list;
}

}  // namespace

std::string Field::text_members() const {
    std::string members;
    if (longest_ > 0)
        members = fmt::format(",\"minLength\":{},\"maxLength\":{}", shortest_, longest_);
    if (form_ && !form_->keyword.empty()) members += fmt::format(",{}", form_->keyword);
    const auto pattern = form_ && !form_->pattern.empty() ? form_->pattern
                         : has_lines_                     ? some_lines
                                                          : one_line;
    return members + ",\"pattern\":" + quoted(pattern);
}

std::string Field::list_members(const TypeTable& type, Reading reading,
                                const Limits& limits) const {
    std::string members;
    if (fewest_ > 0) members = fmt::format(",\"minItems\":{}", fewest_);
    return members + fmt::format(",\"maxItems\":{},\"items\":{}", items_,
                                 each_ ? each_->schema_text(limits)
                                       : object_of(members_of(*type.inner, reading, limits)));
}

std::string Field::choice_members(const TypeTable& type, bool optional, Reading reading,
                                  const Limits& limits) const {
    std::string list;
    for (std::size_t i = 0; i < alternatives_.size(); ++i)
        list +=
            (i == 0 ? "" : ",") + alternatives_[i].schema(*type.alternatives[i], reading, limits);
    return fmt::format(",\"anyOf\":[{}{}]", list, optional ? R"(,{"type":"null"})" : "");
}

// Keywords of texts do not concern numbers, nor the other way round.
std::string Field::members_of(const TypeTable& type, Reading reading, const Limits& limits) const {
    const bool optional = type.kind == Kind::optional;
    const TypeTable& held = optional ? *type.inner : type;
    if (held.kind == Kind::any) return {};
    if (held.kind == Kind::choice) return choice_members(held, optional, reading, limits);
    const auto types = type_member(types_of(type, reading));
    switch (held.kind) {
        case Kind::text:
            return types + (words_.empty() ? text_members() : enum_member(words_, optional));
        case Kind::integer:
        case Kind::won: {
            const auto [least, most] = range(limits);
            return types +
                   fmt::format(",\"minimum\":{},\"maximum\":{}{}", least, most,
                               reading == Reading::lenient ? R"(,"pattern":"^-?[0-9]+$")" : "");
        }
        case Kind::fraction:
            return types +
                   fmt::format(",\"minimum\":{},\"maximum\":{}", range_->least, range_->most);
        case Kind::list:
            return types + list_members(held, reading, limits);
        case Kind::date:
            return types + ",\"format\":\"date\"";
        case Kind::enumeration: {
            std::vector<std::string_view> names;
            for (const auto& each : held.enumerators) names.push_back(each.name);
            return types + enum_member(names, optional);
        }
        default:
            return types;
    }
}

std::string Field::schema(const TypeTable& type, Reading reading, const Limits& limits) const {
    auto members = members_of(type, reading, limits);
    std::string text{about_};
    if (counts_bytes_)
        text += fmt::format("{}at most {} bytes of UTF-8", text.empty() ? "" : "; ", longest_);
    if (!text.empty())
        members += fmt::format(",\"description\":{}", quoted(std::string_view{text}));
    return object_of(members);
}

// Members of the sender's naming are of one kind, and named as none of the others is.
std::string BodyRules::others_members(std::size_t number,
                                      const server::LimitsConfig& limits) const {
    const Field& field = fields_[number];
    std::vector<std::string_view> known;
    for (const FieldTable& each : type_.fields)
        if (each.type->kind != Kind::others) known.push_back(each.key());
    return fmt::format(R"(,"additionalProperties":{},"propertyNames":{{"anyOf":[{{"pattern":{}}},)"
                       R"({{"enum":{}}}]}})",
                       field.schema(*type_.fields[number].type->inner, reading_, limits),
                       quoted(field.form_->pattern), list_of(known));
}

// The type of a field, without null where it may not be null: there, null is as good as nothing.
const TypeTable& BodyRules::held(const json_detail::FieldTable& field) const {
    const auto names_it = [&](const std::vector<std::string_view>& names) {
        return std::ranges::find(names, field.key()) != names.end();
    };
    const bool must_hold = names_it(options_.not_null) || names_it(options_.required);
    return must_hold && field.type->kind == Kind::optional ? *field.type->inner : *field.type;
}

// That these are there, each with a value.
std::string BodyRules::presence(const std::vector<std::string_view>& names) const {
    std::string values;
    for (const FieldTable& each : type_.fields) {
        const bool named = std::ranges::find(names, each.key()) != names.end();
        if (!named || each.type->kind != Kind::optional || each.type->inner->kind == Kind::any)
            continue;
        values += fmt::format(R"(,{}:{{"not":{{"type":"null"}}}})", quoted(each.key()));
    }
    auto members = ",\"required\":" + list_of(names);
    // Readers who take a list of members for a whole one would refuse all others (redocly).
    if (!values.empty())
        members += ",\"properties\":" + object_of(values) + ",\"additionalProperties\":true";
    return members;
}

// "anyOf" with one entry for each name that suffices.
std::string BodyRules::choice_member(std::string_view keyword,
                                     const std::vector<std::string_view>& names) const {
    if (names.empty()) return {};
    std::string list;
    for (const auto name : names) list += (list.empty() ? "" : ",") + object_of(presence({name}));
    return fmt::format(",\"{}\":[{}]", keyword, list);
}

std::string BodyRules::properties(const server::LimitsConfig& limits) const {
    std::string list;
    std::string others;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const FieldTable& each = type_.fields[i];
        if (each.type->kind == Kind::others)
            others = others_members(i, limits);
        else
            list += fmt::format(",{}:{}", quoted(each.key()),
                                fields_[i].schema(held(each), reading_, limits));
    }
    for (const auto name : options_.ignored)
        list += fmt::format(R"(,{}:{{"description":"accepted and ignored"}})", quoted(name));
    if (!others.empty())
        for (const auto& [name, why] : options_.refused)
            list +=
                fmt::format(R"(,{}:{{"not":{{}},"description":{}}})", quoted(name), quoted(why));
    return fmt::format(",\"properties\":{}{}", object_of(list),
                       others.empty() ? ",\"additionalProperties\":false" : others);
}

std::string BodyRules::with_member() const {
    if (!options_.with) return {};
    const auto& [name, required, texts] = *options_.with;
    std::string values;
    for (const auto text : texts)
        values += fmt::format(R"(,{}:{{"type":["string","null"]}})", quoted(text));
    for (const auto other : required)
        values += fmt::format(R"(,{}:{{"not":{{"type":"null"}}}})", quoted(other));
    return fmt::format(R"(,"if":{},"then":{{"required":{},"properties":{},)"
                       R"("additionalProperties":true}})",
                       object_of(presence({name})), list_of(required), object_of(values));
}

std::string BodyRules::schema_text(const server::LimitsConfig& limits) const {
    std::vector<std::string_view> required;
    for (const FieldTable& each : type_.fields)
        if (!json_detail::may_be_left_out(each)) required.push_back(each.key());
    std::ranges::copy(options_.required, std::back_inserter(required));
    auto members = type_member({"object"});
    if (!required.empty()) members += ",\"required\":" + list_of(required);
    members += properties(limits) + choice_member("oneOf", options_.one_of) +
               choice_member("anyOf", options_.any_of) + with_member();
    if (!options_.at_most_one.empty())
        members += ",\"not\":" + object_of(presence(options_.at_most_one));
    return object_of(members);
}

http::BodySchema BodyRules::schema(const server::LimitsConfig& limits) const {
    return http::BodySchema{schema_text(limits)};
}

http::BodySchema BodyRules::schema_of_list(const Field& list, const TypeTable& type,
                                           const server::LimitsConfig& limits) {
    return http::BodySchema{list.schema(type, list.each_->reading_, limits)};
}

http::BodySchema BodyRules::either(const http::BodySchema& one, const http::BodySchema& other) {
    return http::BodySchema{fmt::format(R"({{"oneOf":[{},{}]}})", one.text(), other.text())};
}

}  // namespace yeyak::api
