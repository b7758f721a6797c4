// Pages of view rows: filters, sorting, both lists, limits; against a plain model.
#include "api/routes/view_list.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

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
        const auto page = list_rows(*store, build, query);
        EXPECT_TRUE(page.has_value());
        total = page->total;
        std::vector<std::int64_t> found;
        for (const auto& row : page->rows)
            found.push_back(std::get<std::int64_t>(projections::field_of(row, "id")));
        return found;
    }

    TempFolder folder;
    Build build{"rows", 1};
    std::unique_ptr<ViewStore> store;
    ListQuery query;
    std::uint64_t total = 0;
};

using Ids = std::vector<std::int64_t>;

TEST_F(ViewList, PagesGoThroughTheActiveRowsInOrder) {
    EXPECT_EQ(ids(), (Ids{1, 2, 3, 4, 5, 6, 7}));
    EXPECT_EQ(total, 45u);
    query.page = 1;
    EXPECT_EQ(ids(), (Ids{8, 9, 11, 12, 13, 14, 15}));
    query.page = 6;
    EXPECT_EQ(ids(), (Ids{47, 48, 49}));
    query.page = 7;
    EXPECT_EQ(ids(), Ids{});
}

TEST_F(ViewList, CancelledRowsComeInTheirPlacesWhenAskedFor) {
    query.include_cancelled = true;
    query.page = 1;
    EXPECT_EQ(ids(), (Ids{8, 9, 10, 11, 12, 13, 14}));
    EXPECT_EQ(total, 50u);
}

TEST_F(ViewList, DescendingBeginsAtTheEnd) {
    query.descending = true;
    EXPECT_EQ(ids(), (Ids{49, 48, 47, 46, 45, 44, 43}));
    query.include_cancelled = true;
    EXPECT_EQ(ids(), (Ids{50, 49, 48, 47, 46, 45, 44}));
}

TEST_F(ViewList, FiltersByIndexAndByField) {
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

TEST_F(ViewList, SortsByAFieldAndKeepsKeyOrderAmongEquals) {
    query.sort = "price";
    EXPECT_EQ(ids(), (Ids{49, 48, 47, 46, 45, 44, 43}));
    query.sort = "status";
    EXPECT_EQ(ids(), (Ids{2, 4, 6, 8, 12, 14, 16}));
    query.descending = true;
    EXPECT_EQ(ids().front(), 49);
}

TEST_F(ViewList, AFieldThatIsMissingSortsFirst) {
    EXPECT_TRUE(projections::field_of(R"({"a":1})", "b") <
                projections::field_of(R"({"a":1})", "a"));
    EXPECT_TRUE(projections::field_of(R"({"a":null})", "a") <
                projections::FieldValue{std::int64_t{-5}});
    EXPECT_EQ(projections::text_of(projections::field_of(R"({"a":17})", "a")), "17");
}

}  // namespace
}  // namespace yeyak::api
