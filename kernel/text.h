// Text for people and for other programs: widths in a terminal, CSV, bytes of any kind.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/time.h"

namespace yeyak {

// Cells that the text takes in a terminal: two for each letter of Hangul and the like.
std::size_t display_width(std::string_view text);

// At most `columns` cells; what is cut off ends in "…".
std::string clipped(std::string_view text, std::size_t columns);

// Lines of at most `columns` cells, broken at blanks where there are any. Nothing is left out but
// the blanks at the breaks.
std::vector<std::string> folded(std::string_view text, std::size_t columns);

// The same as one text: lines after the first begin with `indent` blanks, which count.
std::string indented(std::string_view text, std::size_t indent, std::size_t columns);

// "a, b or c"
std::string alternatives(std::span<const std::string> words);

// Printable UTF-8: other bytes and control characters become \xNN, and letters that nobody sees but
// that turn the direction of writing become \u{NNNN}.
std::string printable(std::string_view bytes);

bool is_printable(std::string_view text);

// Text between tags or in an attribute of HTML: printable and without markup.
std::string html_text(std::string_view text);

// A field of RFC 4180. A text that a spreadsheet would take for a formula begins with an
// apostrophe.
std::string csv_field(std::string_view text);

// 2026-11-20T20:28:30.123+09:00
std::string seoul_text(Instant at);

// `text` as a JSON string; made printable first when it is no UTF-8.
std::string json_text(std::string_view text);

}  // namespace yeyak
