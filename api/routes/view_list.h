// Finds the rows of one page of a list: by an index where there is one, else by going through the
// rows; sorted by key for nothing, by another field within a limit. Blocking reads, no waiting.
#pragma once
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "projections/runner/view_store.h"

namespace yeyak::api {

struct ListQuery {
    std::vector<std::pair<std::string, std::string>> filters;  // field, value
    std::vector<std::string> indexed;  // fields that the view has an index for
    // Of filters whose fields are sealed: what the index holds instead of the value.
    std::map<std::string, std::string> sealed = {};
    // What a text field says that may be sealed; none: as it stands.
    std::function<std::string(std::string_view)> reveal = {};
    bool include_cancelled = false;
    bool hides_cancelled = false;
    std::string sort = "id";  // a field of the row; "id" is the order of the keys
    bool descending = false;
    std::uint64_t page = 0;
    std::uint64_t size = 20;
};

struct ListPage {
    std::vector<std::string> rows;  // JSON
    std::uint64_t total = 0;
};

// How many rows a request may go through when no index gives it its page directly.
inline constexpr std::uint64_t max_rows_examined = 100'000;

struct TooManyRows {};
using ListError = std::variant<projections::StoreError, TooManyRows>;

std::expected<ListPage, ListError> list_rows(const projections::ViewStore& views,
                                             const projections::Build& build,
                                             const ListQuery& query);

}  // namespace yeyak::api
