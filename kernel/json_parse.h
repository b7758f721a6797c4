// A checked document as simdjson sees it, for the few sources that look into JSON by hand. Costs
// seconds to include.
#pragma once
#include <simdjson.h>

#include <expected>
#include <string_view>

#include "kernel/json.h"

namespace yeyak::json_detail {

namespace dom = simdjson::dom;

// The element at the root; valid until this thread parses again.
std::expected<dom::element, JsonError> parse_document(std::string_view text);

JsonError wrong_type(std::string_view expected);

// Puts an outer name before the path of an error that came from inside.
JsonError within(std::string_view name, JsonError error);

}  // namespace yeyak::json_detail
