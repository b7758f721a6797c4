// The members of one JSON object, read by name and type. For auth/*.cc alone; costs seconds to
// include.
#pragma once
#include <expected>
#include <optional>
#include <string_view>

#include "auth/fault.h"
#include "kernel/json_parse.h"

namespace yeyak::auth {

namespace dom = simdjson::dom;

// A whole document that is an object, in which no member occurs twice, at any depth. Valid until
// this thread parses again. `otherwise` is the fault of any other text.
inline std::expected<dom::object, Fault> parse_object(std::string_view text, Fault otherwise) {
    const auto document = json_detail::parse_document(text);
    if (!document)
        return std::unexpected(document.error().code == "duplicate_key" ? Fault::repeated_member
                                                                        : otherwise);
    dom::object object;
    if (document->get_object().get(object) != simdjson::SUCCESS) return std::unexpected(otherwise);
    return object;
}

inline std::optional<dom::element> member(const dom::object& object, std::string_view name) {
    dom::element value;
    if (object.at_key(name).get(value) != simdjson::SUCCESS) return std::nullopt;
    return value;
}

inline std::optional<std::string_view> text_of(const dom::element& value) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    return text;
}

}  // namespace yeyak::auth
