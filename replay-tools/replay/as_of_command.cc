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
#include "replay-tools/terminal/quantity.h"
#include "replay-tools/terminal/table.h"
#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

using eventstore::Position;
using eventstore::StoreResult;
using projections::List;
using projections::RowFields;

constexpr std::string_view as_of_prefix = "views.as-of-";

std::string shown(std::string_view value) {
    if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
    return printable(value);
}

// The columns are the fields of the first row, which all rows of a view have.
void add_row(std::optional<Table>& table, const RowFields& row) {
    if (!table) {
        std::vector<Table::Column> columns;
        for (const auto& [field, value] : row) columns.push_back({field});
        table.emplace(std::move(columns));
    }
    std::vector<std::string> cells;
    for (const auto& [field, value] : row) cells.push_back(shown(value));
    table->add(std::move(cells));
}

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
        tell("{}: {}\n", field, printable(value));
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
    std::optional<Table> table;
    Revealer reveal{replay.platform.settings, replay.data};
    for (const List list : {List::active, List::cancelled}) {
        const auto visit = [&](std::string_view, projections::StoredRow row) {
            row.json = reveal(row.json);
            if (replay.json)
                fmt::print("{}{}", first ? "" : ",", row.json);
            else
                add_row(table, projections::fields_of_row(row.json));
            first = false;
            return !interrupted();
        };
        if (auto scanned = store.scan(build, list, false, visit); !scanned) return scanned;
    }
    if (interrupted()) return std::unexpected(projections::interrupted_error);
    if (table) table->finish();
    if (replay.json)
        fmt::print("]}}\n");
    else
        tell("{} as of event {}: {}, {} of them cancelled (listed last)\n", replay.view, last,
             counted(static_cast<std::uint64_t>(counts->active + counts->cancelled), "row"),
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
