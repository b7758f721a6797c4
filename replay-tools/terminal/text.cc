#include "replay-tools/terminal/text.h"

#include <sys/ioctl.h>

#include <algorithm>
#include <string>

namespace yeyak::tools {
namespace {

constexpr std::size_t least_columns = 20;
constexpr std::size_t page_columns = 100;
constexpr std::size_t further = 4;  // blanks before what goes on of a line

}  // namespace

std::optional<std::size_t> terminal_columns(int output) {
    winsize size{};
    if (ioctl(output, TIOCGWINSZ, &size) != 0 || size.ws_col < least_columns) return std::nullopt;
    return size.ws_col;
}

void print_lines(std::string_view text) {
    const auto columns = terminal_columns();
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        const auto blanks = std::min(line.find_first_not_of(' '), line.size());
        fmt::print("{}{}{}", line.substr(0, blanks),
                   columns ? indented(line.substr(blanks), blanks + further, *columns)
                           : std::string{line.substr(blanks)},
                   line.size() < text.size() ? "\n" : "");
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
}

std::size_t text_columns() { return terminal_columns().value_or(page_columns); }

}  // namespace yeyak::tools
