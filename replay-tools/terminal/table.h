// Rows in columns. Where a terminal is too narrow, cells go on in the lines below; where even that
// does not fit, every cell has a line of its own. Nothing is cut, and in a file or a pipe nothing
// is folded.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yeyak::tools {

class Table {
  public:
    enum class Align { left, right };
    struct Column {
        std::string title;  // no column has one: no line of titles
        Align align = Align::left;
    };
    using Print = std::function<void(std::string_view text)>;

    // `width`: columns of the terminal, nothing for no bound.
    Table(std::vector<Column> columns, std::optional<std::size_t> width, Print print);
    // Of what standard output is.
    explicit Table(std::vector<Column> columns);

    // As many cells as columns. Columns are as wide as the first rows need them, which are printed
    // when there are enough of them.
    void add(std::vector<std::string> cells);
    // More about the row before, below it.
    void note(std::string text);
    // What was not printed yet.
    void finish();

  private:
    struct Line {
        std::vector<std::string> cells;
        std::string note;
    };

    void take(Line line);
    void begin();
    void fit();
    void print(const Line& line) const;
    void print_row(const std::vector<std::string>& cells) const;
    void print_record(const std::vector<std::string>& cells) const;

    std::vector<Column> columns_;
    std::optional<std::size_t> width_;
    Print print_;
    std::vector<Line> waiting_;
    std::vector<std::size_t> widths_;
    bool printing_ = false;
    bool records_ = false;  // a line for each cell
};

}  // namespace yeyak::tools
