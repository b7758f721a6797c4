// Reads a head that has passed the gate into a Request, with Beast's parser.
#pragma once
#include <cstddef>
#include <string_view>

#include "api/http/http.h"

namespace yeyak::http {

// Fills in method, target, path, query and headers. False when Beast does not agree with the gate
// that this is one whole head with so many fields.
bool read_head(std::string_view head, std::size_t fields, Request& request);

// Splits and decodes the target into path and query; false on a bad escape.
bool read_target(std::string_view target, Request& request);

}  // namespace yeyak::http
