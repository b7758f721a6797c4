// `yeyak replay --as-of`: the rows of a view as they were at an earlier moment, of any log and
// without the bound of the server. One row is folded alone; a list is built aside and thrown away.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "projections/rebuild/skips.h"
#include "projections/runner/row_history.h"
#include "replay-tools/exit_code.h"
#include "replay-tools/reading/revealer.h"
#include "replay-tools/replay/aside.h"
#include "replay-tools/replay/command.h"
#include "replay-tools/replay/explain.h"
#include "replay-tools/terminal/interrupt.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

using eventstore::Position;
using eventstore::StoreResult;
using projections::List;
using projections::RowFields;

constexpr std::string_view as_of_prefix = "views.as-of-";
constexpr std::size_t widest_column = 32;
constexpr std::size_t rows_measured = 200;  // for the widths of a table

// Rows as they come, one after the other, as a table whose columns are as wide as the first rows.
class Table {
  public:
    void add(RowFields row) {
        if (!printing_ && rows_.size() < rows_measured) {
            rows_.push_back(std::move(row));
            return;
        }
        begin();
        print(row);
    }
    void finish() { begin(); }

  private:
    void begin() {
        if (std::exchange(printing_, true) || rows_.empty()) return;
        for (const auto& [field, value] : rows_.front()) widths_.push_back(display_width(field));
        for (const auto& row : rows_)
            for (std::size_t i = 0; i < std::min(row.size(), widths_.size()); ++i)
                widths_[i] = std::min(widest_column,
                                      std::max(widths_[i], display_width(shown(row[i].second))));
        RowFields head;
        for (const auto& [field, value] : rows_.front()) head.emplace_back(field, field);
        print(head);
        for (const auto& row : rows_) print(row);
        rows_.clear();
    }
    static std::string shown(std::string_view value) {
        if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
        return printable(value);
    }
    void print(const RowFields& row) const {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const auto width = i < widths_.size() ? widths_[i] : widest_column;
            const auto cell = clipped(shown(row[i].second), width);
            line += cell + std::string(width - std::min(width, display_width(cell)) + 2, ' ');
        }
        line.resize(line.find_last_not_of(' ') + 1);
        fmt::print("{}\n", line);
    }

    std::vector<RowFields> rows_;
    std::vector<std::size_t> widths_;
    bool printing_ = false;
};

int one_row(const Replay& replay, const eventstore::EventStore& log, Position last) {
    Progress progress{fmt::format("row {} of {}", replay.key, replay.view), last};
    auto skips = projections::read_skips(log, last);
    if (!skips) return refuse(skips.error());
    projections::RowHistoryQuery wanted{projections::find_view(replay.platform.views, replay.view),
                                        replay.key, last, 0, std::move((*skips)[replay.view])};
    const auto history =
        projections::row_history(log, wanted, {}, options_for(replay.batch, progress).reached);
    progress.clear();
    if (!history) return ended_by(history.error());
    if (!history->row) {
        fmt::print(stderr, "yeyak: there was no row {} of {} at position {}\n", replay.key,
                   replay.view, last);
        return to_int(ExitCode::failed);
    }
    const auto row = Revealer{replay.platform.settings, replay.data}(history->row->json);
    if (replay.json) {
        fmt::print(R"({{"view":{},"position":{},"row":{}}})"
                   "\n",
                   json_text(replay.view), last, row);
        return to_int(ExitCode::ok);
    }
    for (const auto& [field, value] : projections::fields_of_row(row))
        fmt::print("{}: {}\n", field, printable(value));
    return to_int(ExitCode::ok);
}

StoreResult<void> print_rows(const Replay& replay, const projections::ViewStore& store,
                             Position last) {
    const auto build = Aside::build_of(replay.view);
    const auto counts = store.counts(build);
    if (!counts) return std::unexpected(counts.error());
    if (replay.json)
        fmt::print(R"({{"view":{},"position":{},"active":{},"cancelled":{},"rows":[)",
                   json_text(replay.view), last, counts->active, counts->cancelled);
    bool first = true;
    Table table;
    Revealer reveal{replay.platform.settings, replay.data};
    for (const List list : {List::active, List::cancelled}) {
        const auto visit = [&](std::string_view, projections::StoredRow row) {
            row.json = reveal(row.json);
            if (replay.json)
                fmt::print("{}{}", first ? "" : ",", row.json);
            else
                table.add(projections::fields_of_row(row.json));
            first = false;
            return !interrupted();
        };
        if (auto scanned = store.scan(build, list, false, visit); !scanned) return scanned;
    }
    if (interrupted()) return std::unexpected(projections::interrupted_error);
    table.finish();
    if (replay.json)
        fmt::print("]}}\n");
    else
        fmt::print("{} as of event {}: {} rows, {} of them cancelled (listed last)\n", replay.view,
                   grouped(last),
                   grouped(static_cast<std::uint64_t>(counts->active + counts->cancelled)),
                   grouped(static_cast<std::uint64_t>(counts->cancelled)));
    return {};
}

}  // namespace

int do_as_of(const Replay& replay) {
    const auto log = open_log(replay.data);
    if (!log) return refuse(log.error());
    const auto last = position_named(**log, replay.as_of);
    if (!last) {
        fmt::print(stderr, "yeyak: {}\n", last.error().message);
        return last.error().exit_code;
    }
    const InterruptGuard guard;
    if (!replay.key.empty()) return one_row(replay, **log, *last);
    Progress progress{fmt::format("{} as of {}", replay.view, *last), *last};
    const auto aside = Aside::create(Aside::place(replay.data, as_of_prefix));
    if (!aside) return refuse(aside.error());
    const auto built =
        (*aside)->fold(**log, *projections::find_view(replay.platform.views, replay.view), *last,
                       options_for(replay.batch, progress).reached);
    progress.clear();
    if (!built) return ended_by(built.error());
    if (const auto printed = print_rows(replay, (*aside)->store(), *last); !printed)
        return ended_by(printed.error());
    return to_int(ExitCode::ok);
}

}  // namespace yeyak::tools
