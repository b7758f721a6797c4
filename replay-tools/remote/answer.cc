#include "replay-tools/remote/answer.h"

#include <simdjson.h>

namespace yeyak::remote {

std::optional<std::int64_t> Answer::number(std::string_view pointer) const {
    simdjson::dom::parser parser;
    simdjson::dom::element found;
    std::int64_t value = 0;
    if (parser.parse(body).at_pointer(pointer).get(found) != simdjson::SUCCESS) return std::nullopt;
    if (found.get(value) != simdjson::SUCCESS) return std::nullopt;
    return value;
}

std::optional<std::string> Answer::text(std::string_view pointer) const {
    simdjson::dom::parser parser;
    simdjson::dom::element found;
    std::string_view value;
    if (parser.parse(body).at_pointer(pointer).get(found) != simdjson::SUCCESS) return std::nullopt;
    if (found.get(value) != simdjson::SUCCESS) return std::nullopt;
    return std::string{value};
}

}  // namespace yeyak::remote
