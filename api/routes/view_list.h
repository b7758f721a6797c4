// Finds the rows of one page of a list, in steps of some milliseconds: by an index where there is
// one, else by going through the rows. A page in key order goes from the nearer end, over keys
// alone; a page beyond the end costs nothing. Sorted by another field within a limit.
//
// A reading sees its build as it stood when it began, holds one page and what it sorts by, and
// blocks on nothing but the disk. One thread at a time.
#pragma once
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

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

// How many rows a request may go through without an index, or sort by a field.
inline constexpr std::uint64_t max_rows_examined = 100'000;

struct TooManyRows {};
using ListError = std::variant<projections::StoreError, TooManyRows>;

class ListReading {
  public:
    // The store outlives it, and its build is not dropped.
    ListReading(const projections::ViewStore& views, const projections::Build& build,
                ListQuery query);

    // It takes no longer than reading some rows does: a short page near an end of a list in key
    // order.
    bool is_short() const;

    using Done = std::expected<ListPage, ListError>;
    // Goes on for a while; what it found once it has found it.
    std::optional<Done> step();

  private:
    // A row that passed the filters, and what it is sorted by.
    struct Candidate {
        projections::FieldValue value;
        std::string key;
    };
    using Cursor = projections::ViewMoment::Cursor;

    projections::StoreResult<void> begin();
    projections::StoreResult<void> begin_in_key_order();
    void begin_by_index(const std::pair<std::string, std::string>& filter);
    Cursor* least();
    projections::StoreResult<bool> take(Cursor& cursor);
    projections::StoreResult<bool> passes(std::string_view key, std::string& json) const;
    projections::FieldValue field(std::string_view json, std::string_view name) const;
    void place(std::string_view key, std::string json);
    bool examined_too_many() const;
    projections::StoreResult<ListPage> finish();
    projections::StoreResult<void> take_sorted();

    projections::ViewMoment moment_;
    const ListQuery query_;
    enum class Way { key_order, index, scan };
    Way way_ = Way::scan;
    bool begun_ = false;
    bool descending_ = false;      // of the cursors
    std::vector<Cursor> cursors_;  // merged by key
    std::uint64_t skip_ = 0;       // rows of the way that stand before the page
    std::uint64_t wanted_ = 0;     // rows of the page
    std::uint64_t seen_ = 0;       // rows that passed
    std::uint64_t examined_ = 0;
    ListPage page_;
    std::vector<Candidate> candidates_;
};

}  // namespace yeyak::api
