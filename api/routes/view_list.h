// Finds the rows of one page of a list, in steps of some milliseconds: by an index where there is
// one, else by going through the rows. A page in key order goes from the nearer end, over keys
// alone; a page beyond the end costs nothing. In the order of another field the rows are gone
// through once, or a few times for a page far in (page_selection.h).
//
// A reading sees its build as it stood when it began, and blocks on nothing but the disk. However
// long the list, what it holds is bounded, and said. One thread at a time.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/routes/page_selection.h"
#include "projections/runner/row_fields.h"
#include "projections/runner/view_moment.h"

namespace yeyak::api {

struct ListQuery {
    std::vector<std::pair<std::string, std::string>> filters;  // field, value
    std::vector<std::string> indexed;  // fields that the view has an index for
    // Of filters whose fields are sealed: what the index holds instead of the value.
    std::map<std::string, std::string> sealed = {};
    // What a text field says that may be sealed; none: as it stands.
    std::function<std::string(std::string_view)> reveal = {};
    // Whether there is a row for who asks; none: there are all. What is not is counted nowhere.
    std::function<projections::StoreResult<bool>(std::string_view row)> is_there = {};
    // In order, the keys of all rows that may be there; none: any may.
    std::optional<std::vector<std::string>> keys = {};
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

// A reading that goes through more rows counts for so much memory, whatever it holds: then the
// budget of all clients bounds how many such readings there are, fairly between addresses.
inline constexpr std::uint64_t long_reading_rows = 100'000;
inline constexpr std::size_t long_reading_bytes = 4 << 20;

class ListReading {
  public:
    // The store outlives it, and its build is not dropped.
    ListReading(const projections::ViewStore& views, const projections::Build& build,
                ListQuery query);

    using Done = projections::StoreResult<ListPage>;
    // Goes on for a while; what it found once it has found it.
    std::optional<Done> step();

    // What it counts for in the budget of all clients.
    std::size_t bytes() const;

  private:
    using Cursor = projections::ViewMoment::Cursor;

    projections::StoreResult<void> begin();
    bool is_sorted() const { return query_.sort != "id"; }
    bool is_filtered() const { return !query_.filters.empty() || query_.is_there; }
    bool is_by_key() const { return indexed_ != nullptr || query_.keys; }
    bool in_key_order() const { return !is_filtered() && !is_sorted(); }
    projections::StoreResult<void> begin_unfiltered();
    void open_cursors();
    Cursor* least();
    projections::StoreResult<bool> take_next();
    projections::StoreResult<bool> take(Cursor& cursor);
    projections::StoreResult<bool> take_key(const std::string& key);
    projections::StoreResult<bool> passes(std::string_view key, std::string& json) const;
    projections::FieldValue field(std::string_view json, std::string_view name) const;
    void place(std::string_view key, std::string json);
    projections::StoreResult<bool> finish_pass();
    projections::StoreResult<void> take_rows(const std::vector<SortedRow>& rows);

    projections::ViewMoment moment_;
    const ListQuery query_;
    const std::pair<std::string, std::string>* indexed_ = nullptr;  // the filter that is gone by
    bool begun_ = false;
    bool descending_ = false;      // of the cursors, and of what is sorted
    std::vector<Cursor> cursors_;  // merged by key
    std::size_t next_key_ = 0;     // of the keys that are given, in the order of the way
    std::uint64_t skip_ = 0;       // rows of the way that stand before the page
    std::uint64_t wanted_ = 0;     // rows of the page
    std::uint64_t seen_ = 0;       // rows that passed, of one pass
    std::uint64_t examined_ = 0;
    ListPage page_;
    std::optional<PageSelection> selection_;  // of a sorted list
};

}  // namespace yeyak::api
