#include "api/routes/schema.h"

#include <fmt/format.h>

#include "kernel/ensure.h"
#include "kernel/json.h"

namespace yeyak::api::schema {
namespace {

std::string quoted(std::string_view plain) {
    std::string out;
    append_json_string(out, plain);
    return out;
}

std::string object_of(std::string_view type, const std::vector<Member>& members) {
    std::string required;
    std::string properties;
    for (const auto& member : members) {
        const auto name = quoted(member.name);
        if (member.always) required += (required.empty() ? "" : ",") + name;
        properties += fmt::format("{}{}:{}", properties.empty() ? "" : ",", name, member.schema);
    }
    return fmt::format(R"({{"type":{},"required":[{}],"properties":{{{}}}}})", type, required,
                       properties);
}

const std::string link = R"({"$ref":"#/components/schemas/Link"})";

}  // namespace

std::string object(const std::vector<Member>& members) { return object_of("\"object\"", members); }

std::string object_or_null(const std::vector<Member>& members) {
    return object_of(R"(["object","null"])", members);
}

std::string by_name(std::string_view items) {
    return fmt::format(R"({{"type":"object","additionalProperties":{}}})", items);
}

std::string list(std::string_view items) {
    return fmt::format(R"({{"type":"array","items":{}}})", items);
}

std::string any_of(const std::vector<std::string>& schemas) {
    return fmt::format(R"({{"anyOf":[{}]}})", fmt::join(schemas, ","));
}

std::string one_of(const std::vector<std::string_view>& words) {
    std::string all;
    for (const auto word : words) all += (all.empty() ? "" : ",") + quoted(word);
    return fmt::format(R"({{"type":"string","enum":[{}]}})", all);
}

std::string hal_row(std::string_view row, std::string_view item) {
    constexpr std::string_view opening = R"({"type":"object","required":[)";
    constexpr std::string_view ending = "}}";
    ensure(row.starts_with(opening) && row.ends_with(ending), "a row has fields");
    row.remove_prefix(opening.size());
    row.remove_suffix(ending.size());
    return fmt::format(R"({}"_links",{},"_links":{}{})", opening, row,
                       object({{"self", link}, {item, link}}), ending);
}

std::string hal_page(std::string_view hal_row, std::string_view path) {
    return object({{"_embedded", object({{path, list(hal_row)}})},
                   {"_links", R"({"$ref":"#/components/schemas/PageLinks"})"},
                   {"page", R"({"$ref":"#/components/schemas/Page"})"}});
}

std::string hal_components() {
    const auto links = object({{"self", link},
                               {"first", link, false},
                               {"prev", link, false},
                               {"next", link, false},
                               {"last", link, false}});
    const auto page = object(
        {{"size", number}, {"totalElements", number}, {"totalPages", number}, {"number", number}});
    return fmt::format(R"("Link":{},"PageLinks":{},"Page":{})", object({{"href", text}}), links,
                       page);
}

}  // namespace yeyak::api::schema
