// A checked document as simdjson sees it, for the few sources that look into JSON by hand. Costs
// seconds to include.
#pragma once
#include <simdjson.h>

#include <expected>
#include <string_view>

#include "kernel/json_table.h"

namespace yeyak::json_detail {

namespace dom = simdjson::dom;

// The element at the root; valid until this thread parses again.
std::expected<dom::element, JsonError> parse_document(std::string_view text);

JsonError wrong_type(std::string_view expected);

// Reads one value through its table.
Failure read_value(const dom::element& v, const TypeTable& type, void* out, Reading reading);

// The number of the field with this key, or how many fields there are. Writers keep the order of
// the fields, so it is looked for at `likely` first.
std::size_t find_field(std::span<const FieldTable> fields, std::string_view key,
                       std::size_t likely);

JsonError missing(const FieldTable& field);

}  // namespace yeyak::json_detail
