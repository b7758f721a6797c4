// One page of a list in the order of a field, in memory that does not grow with the list: the rows
// are handed in, and handed in again as often as it takes. A page near the beginning takes one
// pass. A page far in takes more: one pass measures where the page stands, the next one takes it.
//
// A measuring pass keeps a sample with weights: two full buffers of one weight become one of twice
// that weight, of which every second row is left. Each such step moves a rank by one weight at
// most, so it is known how far an estimate can be off (Munro and Paterson 1980, Manku et al. 1998).
//
// Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "projections/runner/row_fields.h"

namespace yeyak::api {

// What a row is sorted by; no two rows have the same key.
struct SortedRow {
    projections::FieldValue value;
    std::string key;
    auto operator<=>(const SortedRow&) const = default;
};

class PageSelection {
  public:
    struct Page {
        bool descending = false;
        std::uint64_t skip = 0;    // rows before the page
        std::uint64_t wanted = 0;  // at most 1000
    };
    // What one pass collects, and one buffer of a sample; smaller ones are for tests.
    struct Sizes {
        std::size_t most = 8'192;
        std::size_t buffer = 1'024;
    };
    explicit PageSelection(Page page) : PageSelection(page, Sizes{}) {}
    PageSelection(Page page, Sizes sizes);

    // A row of the list; in each pass the same ones.
    void add(SortedRow row);
    // After the last row: the page, in order. Nothing when the rows must be handed in again.
    std::optional<std::vector<SortedRow>> finish_pass();

    // At most what one pass collects, or a buffer for each doubling of the list.
    std::size_t rows_kept() const;
    // An upper bound of the memory that they take.
    std::size_t bytes() const { return rows_kept() * largest_; }

  private:
    using Rows = std::vector<SortedRow>;

    bool before(const SortedRow& a, const SortedRow& b) const;
    void collect(SortedRow row);
    void measure(SortedRow row);
    Rows merged(Rows a, Rows b);
    std::optional<Rows> take_page();
    bool narrow();
    std::uint64_t to_skip() const;  // rows between floor and page

    const Page page_;
    const Sizes sizes_;
    bool measuring_ = false;
    std::optional<SortedRow> floor_;    // the page begins behind it
    std::optional<SortedRow> ceiling_;  // and ends before it
    std::uint64_t rows_ = 0;            // of this pass
    std::uint64_t below_ = 0;           // of them, those up to the floor
    std::uint64_t between_ = 0;         // and those behind it and before the ceiling
    Rows collected_;                    // a heap: the first ones behind the floor, the last on top
    Rows filling_;                      // the newest buffer of the sample
    std::vector<Rows> sample_;          // at i: a sorted buffer of weight 2^i, or nothing
    bool keep_even_ = false;            // of the next two buffers that become one
    std::size_t largest_ = sizeof(SortedRow);
};

}  // namespace yeyak::api
