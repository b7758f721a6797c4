// Tables, counts and sizes as commands write them.
#include "replay-tools/terminal/table.h"

#include <gtest/gtest.h>

#include "replay-tools/terminal/quantity.h"

namespace yeyak::tools::testing {
namespace {

std::string table(std::optional<std::size_t> width, const std::string& first,
                  const std::string& second) {
    std::string out;
    Table made{{{"name"}, {"count", Table::Align::right}}, width, [&](std::string_view text) {
                   out += text;
               }};
    made.add({first, "1"});
    made.note("more about the first");
    made.add({second, "1,234"});
    made.finish();
    return out;
}

TEST(Table, has_columns_as_wide_as_they_need) {
    EXPECT_EQ(table({}, "서울", "b"),
              "name  count\n"
              "서울      1\n"
              "        more about the first\n"
              "b     1,234\n");
}

TEST(Table, folds_what_a_terminal_has_no_room_for) {
    EXPECT_EQ(table(19, "one two three four", "b"),
              "name          count\n"
              "one two           1\n"
              "three four\n"
              "        more about\n"
              "        the first\n"
              "b             1,234\n");
}

TEST(Table, gives_every_cell_a_line_where_nothing_else_fits) {
    EXPECT_EQ(table(12, "one two three", "b"),
              "name:\n"
              "    one two\n"
              "    three\n"
              "    count: 1\n"
              "        more\n"
              "        abou\n"
              "        t\n"
              "        the\n"
              "        firs\n"
              "        t\n"
              "name: b\n"
              "    count:\n"
              "    1,234\n");
}

TEST(Table, folds_nothing_without_a_terminal) {
    const std::string value(5000, 'w');
    EXPECT_NE(table({}, value, "b").find(value), std::string::npos);
}

TEST(Table, prints_long_ones_as_they_come) {
    std::string out;
    Table made{{{""}}, {}, [&](std::string_view text) { out += text; }};
    for (int i = 0; i < 300; ++i) made.add({"x"});
    EXPECT_GT(out.size(), 0U);
    made.finish();
    EXPECT_EQ(out.size(), 600U) << "no line of titles";
}

TEST(Quantity, counts_have_their_word_and_their_thousands) {
    EXPECT_EQ(counted(0, "event"), "0 events");
    EXPECT_EQ(counted(1, "event"), "1 event");
    EXPECT_EQ(counted(1'234'567, "event"), "1,234,567 events");
    EXPECT_EQ(counted(2, "inbox", "inboxes"), "2 inboxes");
    EXPECT_EQ(counted(1, "inbox", "inboxes"), "1 inbox");
}

TEST(Quantity, sizes_have_their_unit) {
    EXPECT_EQ(size_text(0), "0 bytes");
    EXPECT_EQ(size_text(1), "1 byte");
    EXPECT_EQ(size_text(48'593), "47.5 KiB");
    EXPECT_EQ(size_text(std::uint64_t{3} << 40), "3.0 TiB");
}

}  // namespace
}  // namespace yeyak::tools::testing
