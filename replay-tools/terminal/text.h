// The terminal that a command prints to; texts for it are made with kernel/text.h.
#pragma once
#include <fmt/format.h>
#include <unistd.h>

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "kernel/text.h"

namespace yeyak::tools {

using yeyak::alternatives;
using yeyak::clipped;
using yeyak::csv_field;
using yeyak::display_width;
using yeyak::folded;
using yeyak::indented;
using yeyak::json_text;
using yeyak::printable;
using yeyak::seoul_text;

// Columns of the terminal that an output is; nothing when it is a file or a pipe, whose reader
// wants lines as they are.
std::optional<std::size_t> terminal_columns(int output = STDOUT_FILENO);

// Prints lines for people: folded to the terminal, as they are where there is none.
void print_lines(std::string_view text);
template <class... Values>
void tell(fmt::format_string<Values...> text, Values&&... values) {
    print_lines(fmt::format(text, std::forward<Values>(values)...));
}

// How wide running text is written: as the terminal, otherwise as a page.
std::size_t text_columns();

}  // namespace yeyak::tools
