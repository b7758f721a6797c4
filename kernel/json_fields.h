// Reading what a person has written: a document is read on past a field that is wrong, so that all
// mistakes can be told at once. json.h stops at the first, which is right for what a program wrote.
// Thread-safe.
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/json_table.h"

namespace yeyak::json_detail {

struct FieldsRead {
    std::uint64_t good = 0;            // bit n: field n of the table is there and could be read
    std::vector<JsonError> wrong;      // in the order of the document, then those that are missing
    std::vector<std::string> unknown;  // names that are no field's, in the order of the document
};

// Reads an object into a described struct that is as it was made; the error when it is none, or no
// JSON.
std::expected<FieldsRead, JsonError> read_fields(std::string_view text, const TypeTable& type,
                                                 void* value, Reading reading);

}  // namespace yeyak::json_detail
