// Where rows are kept: lists, indexes, generations, damaged folders.
#include "projections/runner/view_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "projections/runner/view_moment.h"
#include "tests/projections/built_views.h"

namespace yeyak::projections {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using tests::Folder;

const Build one{"payments", 1};

std::vector<std::string> scan(const ViewStore& store, const Build& build, List list,
                              bool descending = false, std::size_t max = 100) {
    std::vector<std::string> found;
    const auto visit = [&](std::string_view key, const StoredRow& row) {
        found.push_back(std::string{key} + row.json);
        return found.size() < max;
    };
    EXPECT_TRUE(store.scan(build, list, descending, visit).has_value());
    return found;
}
std::vector<std::string> indexed(const ViewStore& store, const Build& build, std::string_view index,
                                 std::string_view value, bool descending = false) {
    std::vector<std::string> found;
    const auto visit = [&](std::string_view key) {
        found.emplace_back(key);
        return true;
    };
    EXPECT_TRUE(store.scan_index(build, index, value, descending, visit).has_value());
    return found;
}
void fill(ViewStore& store, const Build& build) {
    ViewStore::Changes changes{build};
    for (const auto* key : {"a", "b", "c"}) {
        changes.put(List::active, key, {{1}, "{}"});
        changes.put_index("userId", "1", key);
    }
    changes.put(List::cancelled, "x", {{2, 3}, "{\"x\":1}"});
    changes.put_index("userId", "11", "x");
    ASSERT_TRUE(store.write(changes, 7, {3, 1}).has_value());
}

TEST(ViewStore, numbers_sort_as_numbers) {
    const std::int64_t numbers[] = {
        std::numeric_limits<std::int64_t>::min(), -256, -1, 0, 1, 2, 9, 10, 255, 256,
        std::numeric_limits<std::int64_t>::max()};
    for (std::size_t i = 1; i < std::size(numbers); ++i)
        EXPECT_LT(number_key(numbers[i - 1]), number_key(numbers[i])) << numbers[i];
}

// A program that ends does not wait for a long list.
TEST(ViewStore, may_be_outlived_by_a_reading) {
    Folder folder;
    auto store = tests::open_views(folder.path());
    fill(*store, one);
    auto moment = std::make_unique<ViewMoment>(*store, one);
    auto rows = std::make_unique<ViewMoment::Cursor>(moment->rows(List::active, false));
    store.reset();
    rows->next();
    EXPECT_EQ(rows->key(), "b");
    rows.reset();
    moment.reset();
    store = tests::open_views(folder.path());
    EXPECT_THAT(scan(*store, one, List::active), ElementsAre("a{}", "b{}", "c{}"));
}

TEST(ViewStore, lists_both_ways_and_stops_when_told) {
    Folder folder;
    const auto store = tests::open_views(folder.path());
    fill(*store, one);
    fill(*store, {"payments", 2});
    fill(*store, {"payment", 1});
    EXPECT_THAT(scan(*store, one, List::active), ElementsAre("a{}", "b{}", "c{}"));
    EXPECT_THAT(scan(*store, one, List::active, true), ElementsAre("c{}", "b{}", "a{}"));
    EXPECT_THAT(scan(*store, one, List::active, true, 2), ElementsAre("c{}", "b{}"));
    EXPECT_THAT(scan(*store, one, List::cancelled, true), ElementsAre("x{\"x\":1}"));
    EXPECT_THAT(scan(*store, {"payments", 3}, List::active), IsEmpty());
    EXPECT_THAT(scan(*store, {"payments", 3}, List::active, true), IsEmpty());
    EXPECT_EQ(*store->checkpoint(one), 7u);
    EXPECT_EQ(*store->checkpoint({"payments", 3}), 0u);
    EXPECT_EQ(store->counts(one)->active, 3);
    EXPECT_EQ(store->counts(one)->cancelled, 1);
    EXPECT_EQ(store->counts({"payments", 3})->active, 0);
}

TEST(ViewStore, finds_a_row_in_either_list) {
    Folder folder;
    const auto store = tests::open_views(folder.path());
    fill(*store, one);
    EXPECT_EQ(**store->row(one, "b"), (StoredRow{{1}, "{}"}));
    EXPECT_EQ(**store->row(one, "x"), (StoredRow{{2, 3}, "{\"x\":1}"}));
    EXPECT_EQ(*store->row(one, "d"), std::nullopt);
    EXPECT_EQ(*store->row({"payments", 2}, "a"), std::nullopt);
}

TEST(ViewStore, an_index_finds_its_value_and_no_longer_one) {
    Folder folder;
    const auto store = tests::open_views(folder.path());
    fill(*store, one);
    EXPECT_THAT(indexed(*store, one, "userId", "1"), ElementsAre("a", "b", "c"));
    EXPECT_THAT(indexed(*store, one, "userId", "1", true), ElementsAre("c", "b", "a"));
    EXPECT_THAT(indexed(*store, one, "userId", "11"), ElementsAre("x"));
    EXPECT_THAT(indexed(*store, one, "userId", ""), IsEmpty());
    EXPECT_THAT(indexed(*store, one, "user", "1"), IsEmpty());
    ViewStore::Changes changes{one};
    changes.remove_index("userId", "1", "b");
    changes.remove(List::active, "b");
    ASSERT_TRUE(store->write(changes, 8, {2, 1}).has_value());
    EXPECT_THAT(indexed(*store, one, "userId", "1"), ElementsAre("a", "c"));
    EXPECT_THAT(scan(*store, one, List::active), ElementsAre("a{}", "c{}"));
}

TEST(ViewStore, a_generation_is_seen_once_it_is_activated) {
    Folder folder;
    auto store = tests::open_views(folder.path());
    EXPECT_EQ(*store->active("payments", 1), (Build{"payments", 0}));
    fill(*store, one);
    fill(*store, {"receipts", 1});
    ASSERT_TRUE(store->activate(one, 1).has_value());
    EXPECT_EQ(*store->active("payments", 1), one);
    fill(*store, {"payments", 2});  // beside it
    EXPECT_THAT(scan(*store, one, List::active), testing::SizeIs(3));
    ASSERT_TRUE(store->activate({"payments", 2}, 1).has_value());
    store.reset();
    store = tests::open_views(folder.path());
    EXPECT_EQ(*store->active("payments", 1), (Build{"payments", 2}));
    EXPECT_EQ(*store->active("payments", 2), (Build{"payments", 0})) << "another version";
    EXPECT_THAT(scan(*store, one, List::active), IsEmpty());
    EXPECT_THAT(indexed(*store, one, "userId", "1"), IsEmpty());
    EXPECT_EQ(*store->checkpoint(one), 0u);
    EXPECT_THAT(scan(*store, {"payments", 2}, List::active), testing::SizeIs(3));
    EXPECT_THAT(scan(*store, {"receipts", 1}, List::active), testing::SizeIs(3));
    EXPECT_THAT(*store->views(), ElementsAre("payments"));
    ASSERT_TRUE(store->drop({"receipts", 1}).has_value());
    EXPECT_THAT(scan(*store, {"receipts", 1}, List::cancelled), IsEmpty());
}

TEST(ViewStore, a_damaged_folder_is_set_aside_and_begun_anew) {
    Folder folder;
    const auto views = folder.path() / "views";
    for (const auto* aside : {"views.damaged-1", "views.damaged-2", "views.damaged-3"}) {
        auto store = tests::open_views(views);
        EXPECT_THAT(scan(*store, one, List::active), IsEmpty());
        fill(*store, one);
        store.reset();
        std::ofstream current{views / "CURRENT"};
        if (aside[14] == '1') current << "MANIFEST-999999\n";  // that is not there
        if (aside[14] == '2') current << "garbage";
        current.close();
        store = tests::open_views(views);
        EXPECT_THAT(scan(*store, one, List::active), IsEmpty());
        EXPECT_TRUE(std::filesystem::exists(folder.path() / aside));
    }
}

TEST(ViewStore, a_reader_sees_what_was_there_when_it_opened_and_writes_nothing) {
    Folder folder;
    const auto views = folder.path() / "views";
    const auto writer = tests::open_views(views);
    fill(*writer, one);
    const auto reader = ViewStore::open(views, true);
    ASSERT_TRUE(reader.has_value()) << reader.error().detail;
    EXPECT_THAT(scan(**reader, one, List::active), testing::SizeIs(3));
    ViewStore::Changes changes{one};
    EXPECT_FALSE((*reader)->write(changes, 9, {}).has_value());
    EXPECT_FALSE(ViewStore::open(folder.path() / "nothing", true).has_value());
}

}  // namespace
}  // namespace yeyak::projections
