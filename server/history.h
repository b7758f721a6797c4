// What is asked of the history of a row, and a page of it.
#pragma once
#include <string>
#include <vector>

#include "projections/runner/row_history.h"

namespace yeyak::server {

struct HistoryCall {
    projections::RowHistoryQuery query;
    eventstore::Position after = 0;
    std::size_t limit = 100;
};

// A row's history, of which `events` are the JSON objects after position `after`, at most `limit`.
struct HistoryPage {
    projections::RowHistory history;
    std::vector<std::string> events;
    eventstore::Position next_after = 0;
    bool end = true;  // nothing more after these
};

}  // namespace yeyak::server
