#include "replay-tools/terminal/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "kernel/ensure.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

constexpr std::size_t measured = 200;  // rows
constexpr std::size_t between = 2;     // blanks between columns
constexpr std::size_t narrowest = 12;  // a column that is folded
constexpr std::size_t note_indent = 8;
constexpr std::size_t record_indent = 4;

void print_out(std::string_view text) { fmt::print("{}", text); }

}  // namespace

Table::Table(std::vector<Column> columns, std::optional<std::size_t> width, Print print)
    : columns_(std::move(columns)), width_(width), print_(std::move(print)) {}

Table::Table(std::vector<Column> columns)
    : Table(std::move(columns), terminal_columns(), print_out) {}

void Table::add(std::vector<std::string> cells) {
    ensure(cells.size() == columns_.size(), "a row has a cell for each column");
    take({std::move(cells), {}});
}

void Table::note(std::string text) { take({{}, std::move(text)}); }

void Table::take(Line line) {
    if (!printing_ && waiting_.size() < measured) {
        waiting_.push_back(std::move(line));
        return;
    }
    begin();
    print(line);
}

void Table::finish() { begin(); }

void Table::begin() {
    if (std::exchange(printing_, true) || waiting_.empty()) return;
    std::vector<std::string> titles;
    for (const auto& column : columns_) titles.push_back(column.title);
    const bool titled = std::ranges::any_of(titles, [](const auto& t) { return !t.empty(); });
    if (titled) waiting_.insert(waiting_.begin(), Line{titles, {}});
    widths_.assign(columns_.size(), 0);
    for (const auto& line : waiting_)
        for (std::size_t i = 0; i < line.cells.size(); ++i)
            widths_[i] = std::max(widths_[i], display_width(line.cells[i]));
    fit();
    if (titled && records_) waiting_.erase(waiting_.begin());
    for (const auto& line : std::exchange(waiting_, {})) print(line);
}

// Takes from the widest columns what the terminal has no room for.
void Table::fit() {
    if (!width_) return;
    auto needed = std::accumulate(widths_.begin(), widths_.end(), std::size_t{0}) +
                  between * (widths_.size() - 1);
    while (needed > *width_) {
        const auto widest = std::ranges::max_element(widths_);
        if (*widest <= narrowest) {
            records_ = true;
            return;
        }
        --*widest;
        --needed;
    }
}

void Table::print(const Line& line) const {
    if (line.cells.empty()) {
        const std::string blanks(note_indent, ' ');
        print_(blanks + (width_ ? indented(line.note, note_indent, *width_) : line.note) + '\n');
    } else if (records_) {
        print_record(line.cells);
    } else {
        print_row(line.cells);
    }
}

void Table::print_row(const std::vector<std::string>& cells) const {
    std::vector<std::vector<std::string>> folds;
    std::size_t lines = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        folds.push_back(width_ ? folded(cells[i], widths_[i]) : std::vector{cells[i]});
        lines = std::max(lines, folds.back().size());
    }
    for (std::size_t line = 0; line < lines; ++line) {
        std::string out;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const auto cell = line < folds[i].size() ? folds[i][line] : std::string{};
            const std::string fill(widths_[i] - std::min(widths_[i], display_width(cell)), ' ');
            if (i > 0) out.append(between, ' ');
            out += columns_[i].align == Align::right ? fill + cell : cell + fill;
        }
        out.resize(out.find_last_not_of(' ') + 1);
        print_(out + '\n');
    }
}

void Table::print_record(const std::vector<std::string>& cells) const {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i].empty()) continue;
        const auto& title = columns_[i].title;
        const auto text = title.empty() ? cells[i] : fmt::format("{}: {}", title, cells[i]);
        print_(std::string(i == 0 ? 0 : record_indent, ' ') +
               indented(text, record_indent, *width_) + '\n');
    }
}

}  // namespace yeyak::tools
