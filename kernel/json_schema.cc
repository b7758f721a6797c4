#include "kernel/json_schema.h"

#include <algorithm>

namespace yeyak::json_detail {
namespace {

std::string quoted(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::boolean:
            return "boolean";
        case Kind::integer:
        case Kind::won:
            return "integer";
        case Kind::fraction:
            return "number";
        case Kind::structure:
            return "object";
        case Kind::list:
            return "array";
        default:
            return "string";
    }
}

std::string members_of_structure(const TypeTable& type) {
    std::string required;
    std::string properties;
    for (const FieldTable& field : type.fields) {
        const auto key = quoted(field.key());
        required += (required.empty() ? "" : ",") + key;
        properties += (properties.empty() ? "" : ",") + key + ':' + schema(*field.type);
    }
    if (properties.empty()) return {};
    return ",\"required\":[" + required + "],\"properties\":{" + properties + '}';
}

std::string members_of(const TypeTable& type, bool nullable) {
    switch (type.kind) {
        case Kind::integer:
            return type.is_signed ? "" : ",\"minimum\":0";
        case Kind::instant:
            return ",\"format\":\"date-time\"";
        case Kind::date:
            return ",\"format\":\"date\"";
        case Kind::structure:
            return members_of_structure(type);
        case Kind::list:
            return ",\"items\":" + schema(*type.inner);
        case Kind::enumeration: {
            std::string words;
            for (const auto& each : type.enumerators)
                words += (words.empty() ? "" : ",") + quoted(each.name);
            return ",\"enum\":[" + words + (nullable ? ",null]" : "]");
        }
        default:
            return {};
    }
}

}  // namespace

std::string schema(const TypeTable& type) {
    const bool nullable = type.kind == Kind::optional;
    const TypeTable& held = nullable ? *type.inner : type;
    const auto name = quoted(name_of(held.kind));
    const auto types = nullable ? '[' + name + ",\"null\"]" : name;
    return "{\"type\":" + types + members_of(held, nullable) + '}';
}

std::string schema_of(const TypeTable& structure, std::string_view field) {
    const auto found = std::ranges::find(structure.fields, field, &FieldTable::key);
    if (found == structure.fields.end()) return {};
    const TypeTable& type = *found->type;
    return schema(type.kind == Kind::optional ? *type.inner : type);
}

}  // namespace yeyak::json_detail
