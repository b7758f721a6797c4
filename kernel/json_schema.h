// JSON Schema (draft 2020-12) of what json.h writes: the same tables say both. All fields of a
// struct are always written, so all are required. Pure.
#pragma once
#include <string>
#include <string_view>

#include "kernel/json_table.h"

namespace yeyak {

template <class T>
std::string json_schema();

// Of one field by its name on the wire, as a value that somebody looks for: never null. Empty when
// there is no such field.
template <class T>
std::string json_schema_of(std::string_view field);

namespace json_detail {

std::string schema(const TypeTable& type);
std::string schema_of(const TypeTable& structure, std::string_view field);

}  // namespace json_detail
}  // namespace yeyak
