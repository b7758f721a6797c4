// Pages of view rows: filters, sorting, both lists, limits; against a plain model.
#include "api/routes/view_list.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "api/routes/view_page.h"
#include "projections/runner/row_fields.h"
#include "tests/api/temp_folder.h"

namespace yeyak::api {
namespace {

using projections::Build;
using projections::List;
using projections::number_key;
using projections::StoredRow;
using projections::ViewStore;

// Fifty rows: user 1 to 5, price falling with the id, every tenth cancelled.
class ViewList : public ::testing::Test {
  protected:
    void SetUp() override {
        auto opened = ViewStore::open(folder.path() / "views", false);
        ASSERT_TRUE(opened.has_value());
        store = *std::move(opened);
        ViewStore::Changes changes{build};
        for (int id = 1; id <= 50; ++id) {
            const auto list = id % 10 == 0 ? List::cancelled : List::active;
            StoredRow row;
            row.json = fmt::format(R"({{"id":{},"userId":{},"price":{},"status":"{}"}})", id,
                                   id % 5 + 1, 1000 - id, id % 2 ? "paid" : "open");
            changes.put(list, number_key(id), row);
            changes.put_index("userId", std::to_string(id % 5 + 1), number_key(id));
        }
        ASSERT_TRUE(store->write(changes, 50, {45, 5}).has_value());
        query.indexed = {"userId"};
        query.hides_cancelled = true;
        query.size = 7;
    }

    std::vector<std::int64_t> ids() {
        ListReading reading{*store, build, query};
        return ids_of(reading);
    }

    std::vector<std::int64_t> ids_of(ListReading& reading) {
        std::optional<ListReading::Done> page;
        held = 0;
        for (steps = 0; !page; ++steps) {
            page = reading.step();
            held = std::max(held, reading.bytes());
        }
        EXPECT_TRUE(page->has_value());
        total = (*page)->total;
        std::vector<std::int64_t> found;
        for (const auto& row : (*page)->rows)
            found.push_back(std::get<std::int64_t>(projections::field_of(row, "id")));
        return found;
    }

    // Many active rows of user 7, in one list and one value of the index.
    void add_many(int count) {
        ViewStore::Changes changes{build};
        for (int id = 51; id <= 50 + count; ++id) {
            StoredRow row;
            row.json = fmt::format(R"({{"id":{},"userId":7,"price":{},"status":"paid"}})", id,
                                   (id * 7919) % 10'007);
            changes.put(List::active, number_key(id), row);
            changes.put_index("userId", "7", number_key(id));
        }
        ASSERT_TRUE(store->write(changes, 51, {45 + count, 5}).has_value());
    }

    TempFolder folder;
    Build build{"rows", 1};
    std::unique_ptr<ViewStore> store;
    ListQuery query;
    std::uint64_t total = 0;
    int steps = 0;
    std::size_t held = 0;  // at most, of the budget
};

using Ids = std::vector<std::int64_t>;

TEST_F(ViewList, pages_go_through_the_active_rows_in_order) {
    EXPECT_EQ(ids(), (Ids{1, 2, 3, 4, 5, 6, 7}));
    EXPECT_EQ(total, 45u);
    query.page = 1;
    EXPECT_EQ(ids(), (Ids{8, 9, 11, 12, 13, 14, 15}));
    query.page = 6;
    EXPECT_EQ(ids(), (Ids{47, 48, 49}));
    query.page = 7;
    EXPECT_EQ(ids(), Ids{});
}

TEST_F(ViewList, cancelled_rows_come_in_their_places_when_asked_for) {
    query.include_cancelled = true;
    query.page = 1;
    EXPECT_EQ(ids(), (Ids{8, 9, 10, 11, 12, 13, 14}));
    EXPECT_EQ(total, 50u);
}

TEST_F(ViewList, descending_begins_at_the_end) {
    query.descending = true;
    EXPECT_EQ(ids(), (Ids{49, 48, 47, 46, 45, 44, 43}));
    query.include_cancelled = true;
    EXPECT_EQ(ids(), (Ids{50, 49, 48, 47, 46, 45, 44}));
}

TEST_F(ViewList, filters_by_index_and_by_field) {
    query.filters = {{"userId", "1"}};
    EXPECT_EQ(ids(), (Ids{5, 15, 25, 35, 45}));
    EXPECT_EQ(total, 5u);
    query.include_cancelled = true;
    EXPECT_EQ(ids(), (Ids{5, 10, 15, 20, 25, 30, 35}));
    query.filters = {{"userId", "1"}, {"status", "open"}};
    EXPECT_EQ(ids(), (Ids{10, 20, 30, 40, 50}));
    query.filters = {{"status", "open"}};
    query.include_cancelled = false;
    EXPECT_EQ(ids(), (Ids{2, 4, 6, 8, 12, 14, 16}));
    EXPECT_EQ(total, 20u);
    query.filters = {{"userId", "9"}};
    EXPECT_EQ(ids(), Ids{});
}

TEST_F(ViewList, sorts_by_a_field_and_keeps_key_order_among_equals) {
    query.sort = "price";
    EXPECT_EQ(ids(), (Ids{49, 48, 47, 46, 45, 44, 43}));
    query.sort = "status";
    EXPECT_EQ(ids(), (Ids{2, 4, 6, 8, 12, 14, 16}));
    query.descending = true;
    EXPECT_EQ(ids().front(), 49);
}

TEST_F(ViewList, every_page_is_that_part_of_the_whole) {
    for (const bool cancelled : {false, true})
        for (const bool descending : {false, true})
            for (const std::uint64_t size : {1u, 7u, 50u}) {
                query.include_cancelled = cancelled;
                query.descending = descending;
                query.size = 1000;
                query.page = 0;
                const auto whole = ids();
                query.size = size;
                Ids together;
                for (query.page = 0; query.page * size < whole.size(); ++query.page)
                    for (const auto id : ids()) together.push_back(id);
                EXPECT_EQ(together, whole) << cancelled << descending << size;
            }
}

TEST_F(ViewList, a_page_beyond_the_end_costs_nothing) {
    add_many(30'000);
    query.page = 1'000'000;
    EXPECT_EQ(ids(), Ids{});
    EXPECT_EQ(total, 30'045u);
    EXPECT_EQ(steps, 1);
}

TEST_F(ViewList, a_long_way_is_gone_in_steps) {
    add_many(30'000);
    query.size = 10;
    query.page = 1'500;
    EXPECT_EQ(ids(), (Ids{15'006, 15'007, 15'008, 15'009, 15'010, 15'011, 15'012, 15'013, 15'014,
                          15'015}));
    EXPECT_GT(steps, 2);
    query.page = 3'000;
    EXPECT_EQ(ids().front(), 30'006);
    EXPECT_EQ(steps, 1) << "from the nearer end";
    query.sort = "price";
    query.page = 0;
    ids();
    EXPECT_GT(steps, 30);
}

TEST_F(ViewList, a_reading_sees_the_rows_as_they_stood_when_it_began) {
    add_many(3'000);
    query.sort = "price";
    query.size = 3'045;
    ListReading reading{*store, build, query};
    ASSERT_FALSE(reading.step());
    ViewStore::Changes changes{build};
    for (int id = 1; id <= 3'000; ++id) changes.remove(List::active, number_key(id));
    ASSERT_TRUE(store->write(changes, 52, {45, 5}).has_value());
    EXPECT_EQ(ids_of(reading).size(), 3'045u);
    EXPECT_EQ(total, 3'045u);
}

TEST_F(ViewList, an_index_and_the_order_of_keys_have_no_bound) {
    add_many(static_cast<int>(long_reading_rows) + 10);
    query.filters = {{"userId", "7"}};
    query.page = 100'000 / 7;
    EXPECT_EQ(ids().size(), 7u);
    EXPECT_EQ(total, long_reading_rows + 10);
    query.filters.clear();
    EXPECT_EQ(ids().size(), 7u);
    EXPECT_EQ(held, 0u);
}

// What stands in all pages of add_many()'s rows and the first fifty, in the order of the price.
Ids by_price(int count) {
    std::vector<std::pair<int, std::int64_t>> rows;
    for (int id = 1; id <= 50; ++id)
        if (id % 10 != 0) rows.emplace_back(1000 - id, id);
    for (int id = 51; id <= 50 + count; ++id) rows.emplace_back((id * 7919) % 10'007, id);
    std::ranges::sort(rows);  // of equal ones, the lesser key first
    Ids sorted;
    for (const auto& [price, id] : rows) sorted.push_back(id);
    return sorted;
}

TEST_F(ViewList, a_list_of_any_length_is_sorted) {
    constexpr int count = static_cast<int>(long_reading_rows) + 10'000;
    add_many(count);
    const auto all = by_price(count);
    query.sort = "price";
    query.size = 1000;
    for (const std::uint64_t page : {0, 1, 5, 55, 109, 110, 111}) {
        query.page = page;
        const auto first = std::min<std::size_t>(page * 1000, all.size());
        const auto last = std::min<std::size_t>(first + 1000, all.size());
        EXPECT_EQ(ids(), Ids(all.begin() + static_cast<std::ptrdiff_t>(first),
                             all.begin() + static_cast<std::ptrdiff_t>(last)))
            << page;
        EXPECT_EQ(total, all.size());
        EXPECT_LE(held, long_reading_bytes);
    }
    EXPECT_EQ(steps, 1) << "beyond the end";
    query.page = 109;
    query.descending = true;
    const Ids backwards(all.rbegin() + 109'000, all.rbegin() + 110'000);
    EXPECT_EQ(ids(), backwards);
    query.filters = {{"userId", "7"}, {"status", "paid"}};
    query.page = 50;
    EXPECT_EQ(ids().size(), 1000u);
    EXPECT_EQ(total, static_cast<std::uint64_t>(count));
    EXPECT_EQ(held, long_reading_bytes) << "long";
}

TEST_F(ViewList, an_end_of_a_sorted_list_is_found_by_going_through_it_once) {
    add_many(30'000);
    query.sort = "price";
    query.page = (30'045 - 1) / query.size;
    ids();
    const int once = steps;
    query.page = 15'000 / query.size;
    ids();
    EXPECT_GT(steps, once);
    EXPECT_LE(once, 30'045 / 500 + 2);
}

TEST_F(ViewList, a_filter_without_an_index_goes_through_all_rows) {
    add_many(static_cast<int>(long_reading_rows) + 10);
    query.filters = {{"price", "3"}};
    ASSERT_FALSE(ids().empty());
    EXPECT_EQ(held, long_reading_bytes);
}

// Every third row, as one caller may have it.
bool is_third(std::string_view row) {
    return std::get<std::int64_t>(projections::field_of(row, "id")) % 3 == 0;
}

TEST_F(ViewList, what_is_not_there_is_neither_shown_nor_counted) {
    query.is_there = [](std::string_view row) { return is_third(row); };
    EXPECT_EQ(ids(), (Ids{3, 6, 9, 12, 15, 18, 21}));
    EXPECT_EQ(total, 15u);
    query.page = 2;
    EXPECT_EQ(ids(), (Ids{48}));
    query.page = 3;
    EXPECT_EQ(ids(), Ids{});
    EXPECT_EQ(total, 15u);
    query.page = 0;
    query.descending = true;
    EXPECT_EQ(ids(), (Ids{48, 45, 42, 39, 36, 33, 27}));
    query.filters = {{"userId", "1"}};
    EXPECT_EQ(ids(), (Ids{45, 15}));
    EXPECT_EQ(total, 2u);
    query.filters.clear();
    query.sort = "price";
    EXPECT_EQ(ids(), (Ids{3, 6, 9, 12, 15, 18, 21}));
    EXPECT_EQ(total, 15u);
}

TEST_F(ViewList, an_error_while_it_is_asked_what_is_there_ends_the_reading) {
    query.is_there = [](std::string_view) -> projections::StoreResult<bool> {
        return std::unexpected(projections::StoreError{projections::StoreError::Kind::io, "disk"});
    };
    ListReading reading{*store, build, query};
    const auto done = reading.step();
    ASSERT_TRUE(done.has_value());
    EXPECT_EQ(done->error().detail, "disk");
}

TEST_F(ViewList, by_keys_the_same_is_found_as_by_going_through_the_rows) {
    add_many(2'000);
    query.is_there = [](std::string_view row) { return is_third(row); };
    std::vector<std::string> keys;
    for (int id = 0; id <= 3'000; id += 3) keys.push_back(number_key(id));  // some without a row
    for (const std::string_view sort : {"id", "price", "status"})
        for (const bool descending : {false, true})
            for (const bool cancelled : {false, true})
                for (const std::uint64_t page : {0, 3, 95, 97, 500}) {
                    query.sort = sort;
                    query.descending = descending;
                    query.include_cancelled = cancelled;
                    query.page = page;
                    query.filters.clear();
                    if (page == 3) query.filters = {{"status", "paid"}};
                    if (page == 0) query.filters = {{"userId", "7"}};
                    query.keys.reset();
                    const auto by_walk = ids();
                    const auto in_all = total;
                    query.keys = keys;
                    EXPECT_EQ(ids(), by_walk) << sort << descending << cancelled << page;
                    EXPECT_EQ(total, in_all);
                }
}

TEST_F(ViewList, three_rows_among_many_are_found_at_once_by_their_keys) {
    add_many(static_cast<int>(long_reading_rows) + 10);
    query.is_there = [](std::string_view) { return true; };
    query.keys = {number_key(3), number_key(70'000), number_key(90'000)};
    for (const std::string_view sort : {"id", "price"}) {
        query.sort = sort;
        ids();
        EXPECT_EQ(total, 3u);
        EXPECT_EQ(steps, 1);
        EXPECT_EQ(held < long_reading_bytes, true);
    }
}

TEST_F(ViewList, a_field_that_is_missing_sorts_first) {
    EXPECT_TRUE(projections::field_of(R"({"a":1})", "b") <
                projections::field_of(R"({"a":1})", "a"));
    EXPECT_TRUE(projections::field_of(R"({"a":null})", "a") <
                projections::FieldValue{std::int64_t{-5}});
    EXPECT_EQ(projections::text_of(projections::field_of(R"({"a":17})", "a")), "17");
}

TEST(HalRow, leads_to_its_row_whatever_its_key_is) {
    ViewResource supplies;
    supplies.path = "supplies";
    supplies.item = "supply";
    EXPECT_EQ(hal_row("http://h", Mount{"/v"}, supplies, "A \"B\"/서", R"({"id":1})"),
              R"({"id":1,"_links":{"self":{"href":"http://h/v/supplies/A%20%22B%22%2F%EC%84%9C"},)"
              R"("supply":{"href":"http://h/v/supplies/A%20%22B%22%2F%EC%84%9C"}}})");
}

}  // namespace
}  // namespace yeyak::api
