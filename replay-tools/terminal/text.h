// The terminal that a command prints to; texts for it are made with kernel/text.h.
#pragma once
#include <cstddef>

#include "kernel/text.h"

namespace yeyak::tools {

using yeyak::clipped;
using yeyak::csv_field;
using yeyak::display_width;
using yeyak::json_text;
using yeyak::printable;
using yeyak::seoul_text;

// Columns of the terminal that standard output is; 100 when it is none.
std::size_t terminal_columns();

}  // namespace yeyak::tools
