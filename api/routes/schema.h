// JSON Schema (draft 2020-12) of answers that no described struct stands behind, put together from
// parts. What one stands behind is described by kernel/json_schema.h. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace yeyak::api::schema {

inline const std::string text = R"({"type":"string"})";
inline const std::string text_or_null = R"({"type":["string","null"]})";
inline const std::string number = R"({"type":"integer","minimum":0})";
inline const std::string number_or_null = R"({"type":["integer","null"],"minimum":0})";
inline const std::string truth = R"({"type":"boolean"})";
inline const std::string time = R"({"type":"string","format":"date-time"})";
inline const std::string date = R"({"type":"string","format":"date"})";
inline const std::string any = "{}";

struct Member {
    std::string_view name;
    std::string schema;
    bool always = true;
};

std::string object(const std::vector<Member>& members);
std::string object_or_null(const std::vector<Member>& members);
// Members of any name, each with one shape.
std::string by_name(std::string_view items);
std::string list(std::string_view items);
std::string any_of(const std::vector<std::string>& schemas);
// One of these texts.
std::string one_of(const std::vector<std::string_view>& words);

// A row with its links (HAL). `row` is the schema of a described struct, `item` the row's name
// among its links.
std::string hal_row(std::string_view row, std::string_view item);
// A page of such rows; `path` is the name of the list.
std::string hal_page(std::string_view hal_row, std::string_view path);
// Members of #/components/schemas that these two point to.
std::string hal_components();

}  // namespace yeyak::api::schema
