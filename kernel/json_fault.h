// Where a text stops to be JSON (RFC 8259), for the people who wrote it. The parser only says that
// it does; this reads the text again, character by character, once something is wrong. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace yeyak::json_detail {

// "line 3, column 17: expected ',' or '}', found 'x'". Lines end with \n; columns count characters
// from 1. Nothing when the text follows the grammar: then a number or the nesting is too large.
std::optional<std::string> find_fault(std::string_view text);

// The same for the first byte that is not UTF-8, of a text that has one.
std::string find_bad_utf8(std::string_view text);

}  // namespace yeyak::json_detail
