// Pages of a sorted list: against a stable sort of all rows, for any rows and in little room.
#include "api/routes/page_selection.h"

#include <gtest/gtest.h>
// after gtest, which it needs
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>

#include "projections/runner/view_store.h"

namespace yeyak::api {
namespace {

using projections::FieldValue;
using projections::number_key;
using Rows = std::vector<SortedRow>;

struct Outcome {
    Rows page;
    int passes = 0;
    std::size_t kept = 0;  // at most
};

Outcome select(const Rows& rows, PageSelection::Page page, PageSelection::Sizes sizes) {
    PageSelection selection{page, sizes};
    Outcome outcome;
    while (true) {
        for (const auto& row : rows) {
            selection.add(row);
            outcome.kept = std::max(outcome.kept, selection.rows_kept());
        }
        ++outcome.passes;
        if (auto found = selection.finish_pass()) {
            outcome.page = *std::move(found);
            return outcome;
        }
    }
}

// Of equal rows the one that comes first stands first, which is what makes a sort stable. (The
// standard library's own cannot be had here without a warning.)
Rows by_stable_sort(const Rows& rows, PageSelection::Page page) {
    std::vector<std::size_t> order(rows.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        const auto& x = rows[a].value;
        const auto& y = rows[b].value;
        if (x == y) return a < b;
        return page.descending ? y < x : x < y;
    });
    Rows found;
    for (auto i = page.skip; i < std::min<std::uint64_t>(page.skip + page.wanted, rows.size()); ++i)
        found.push_back(rows[order[i]]);
    return found;
}

FieldValue any_value() {
    switch (*rc::gen::inRange(0, 4)) {
        case 0:
            return {};
        case 1:
            return *rc::gen::element<std::string>("", "open", "paid", "refunded");
        default:
            return std::int64_t{*rc::gen::inRange(-3, 40)};
    }
}

RC_GTEST_PROP(PageSelection, is_that_part_of_a_stable_sort, ()) {
    PageSelection::Page page;
    page.descending = *rc::gen::arbitrary<bool>();
    const auto count = *rc::gen::inRange(0, 400);
    Rows rows;
    for (int i = 0; i < count; ++i) rows.push_back({any_value(), number_key(i)});
    if (page.descending) std::ranges::reverse(rows);
    page.wanted = static_cast<std::uint64_t>(*rc::gen::inRange(1, 12));
    page.skip = static_cast<std::uint64_t>(*rc::gen::inRange(0, 420));
    const PageSelection::Sizes sizes{.most = static_cast<std::size_t>(page.wanted) +
                                             static_cast<std::size_t>(*rc::gen::inRange(0, 30)),
                                     .buffer = static_cast<std::size_t>(*rc::gen::inRange(1, 9))};
    RC_ASSERT(select(rows, page, sizes).page == by_stable_sort(rows, page));
}

// In the ways in which lists come: grown with the key, fallen, at random, few values, one value, a
// few values in turn.
std::vector<Rows> long_lists(std::int64_t count) {
    std::mt19937_64 random{7};
    std::vector<Rows> lists(6);
    for (std::int64_t id = 0; id < count; ++id) {
        const std::int64_t values[] = {id,
                                       -id,
                                       static_cast<std::int64_t>(random() % 1'000'000),
                                       static_cast<std::int64_t>(random() % 5),
                                       1,
                                       id % 2};
        for (std::size_t i = 0; i < lists.size(); ++i)
            lists[i].push_back({values[i], number_key(id)});
    }
    return lists;
}

TEST(PageSelection, holds_little_and_takes_few_passes_however_long_the_list) {
    constexpr std::int64_t count = 60'000;
    const PageSelection::Sizes sizes{.most = 1'000, .buffer = 128};
    for (const auto& rows : long_lists(count))
        for (const std::uint64_t skip : {0, 900, 8'000, 30'000, 59'990}) {
            const PageSelection::Page page{false, skip, 20};
            const auto outcome = select(rows, page, sizes);
            EXPECT_EQ(outcome.page, by_stable_sort(rows, page)) << skip;
            EXPECT_LE(outcome.kept, 2'000u) << skip;
            EXPECT_LE(outcome.passes, skip < 980 ? 1 : 6) << skip;
        }
}

TEST(PageSelection, a_page_far_into_a_million_rows_takes_two_passes) {
    std::mt19937_64 random{11};
    Rows rows;
    for (std::int64_t id = 0; id < 1'000'000; ++id)
        rows.push_back({static_cast<std::int64_t>(random() % 100'000), number_key(id)});
    const PageSelection::Page page{false, 500'000, 20};
    const auto outcome = select(rows, page, {});
    EXPECT_EQ(outcome.page, by_stable_sort(rows, page));
    EXPECT_EQ(outcome.passes, 2);
    EXPECT_LE(outcome.kept, 12'000u);
}

TEST(PageSelection, ends_also_when_rows_change_between_two_passes) {
    PageSelection selection{{false, 5'000, 20}, {.most = 100, .buffer = 16}};
    std::optional<Rows> page;
    for (int pass = 0; !page; ++pass) {
        ASSERT_LT(pass, 1'000);
        for (std::int64_t id = 0; id < 10'000; ++id)
            selection.add({pass == 0 ? id : id % 3, number_key(id)});
        page = selection.finish_pass();
    }
    EXPECT_LE(page->size(), 20u);
}

}  // namespace
}  // namespace yeyak::api
