#include "projections/runner/row_fields.h"

#include <simdjson.h>

#include "kernel/ensure.h"

namespace yeyak::projections {

FieldValue field_of(std::string_view row, std::string_view field) {
    thread_local simdjson::dom::parser parser;
    simdjson::dom::element document;
    ensure(parser.parse(row.data(), row.size()).get(document) == simdjson::SUCCESS,
           "a view row is JSON");
    simdjson::dom::element value;
    if (document[field].get(value) != simdjson::SUCCESS) return {};
    std::int64_t number = 0;
    if (value.get_int64().get(number) == simdjson::SUCCESS) return number;
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS) return std::string{text};
    return {};
}

std::string text_of(const FieldValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    return "";
}

}  // namespace yeyak::projections
