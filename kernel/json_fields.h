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

struct FieldsRead;

// What was read into a field that is a list of structs, item by item.
struct ListRead {
    std::size_t field = 0;  // its number in the table
    std::vector<FieldsRead> items;
};

struct FieldsRead {
    std::uint64_t good = 0;            // bit n: field n of the table is there and could be read
    std::vector<JsonError> wrong;      // in the order of the document, then those that are missing
    std::vector<std::string> unknown;  // names that are no field's, in the order of the document
    std::vector<ListRead> lists;       // what is wrong within is told there
    std::vector<JsonError> others;  // those that nobody knew and that could not be read, in order
};

// Reads an object into a described struct that is as it was made; the error when it is none, or no
// JSON.
std::expected<FieldsRead, JsonError> read_fields(std::string_view text, const TypeTable& type,
                                                 void* value, Reading reading);

// Reads an array of them into a list of such structs.
std::expected<std::vector<FieldsRead>, JsonError> read_items(std::string_view text,
                                                             const TypeTable& list, void* value,
                                                             Reading reading);

// A name that the sender has chosen, as a step of such a path: as it is, or as ["a.b"] when it has
// something that paths are made of. Before a quote or a backslash in it stands a backslash.
std::string path_step(std::string_view name);

// Puts an outer step before the path of an error that came from inside.
JsonError within(std::string_view name, JsonError error);

}  // namespace yeyak::json_detail
