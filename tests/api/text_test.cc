// Text for terminals, spreadsheets and browsers.
#include "kernel/text.h"

#include <gtest/gtest.h>

namespace yeyak {
namespace {

TEST(Text, csv_fields) {
    EXPECT_EQ(csv_field("plain"), "plain");
    EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
    EXPECT_EQ(csv_field("a\r\nb"), "\"a\r\nb\"");
    EXPECT_EQ(csv_field("=1"), "'=1");
    EXPECT_EQ(csv_field("+1"), "'+1");
    EXPECT_EQ(csv_field("-1"), "'-1");
    EXPECT_EQ(csv_field("@x"), "'@x");
    EXPECT_EQ(csv_field("\tx"), "'\tx");
    EXPECT_EQ(csv_field(""), "");
}

TEST(Text, widths) {
    EXPECT_EQ(display_width("서울 1"), 6U);
    EXPECT_EQ(clipped("서울특별시", 7), "서울특…");
    EXPECT_EQ(clipped("short", 7), "short");
    EXPECT_EQ(seoul_text(Instant{0}), "1970-01-01T09:00:00.000+09:00");
}

TEST(Text, folded_lines_fit_and_lose_nothing_but_blanks) {
    using Lines = std::vector<std::string>;
    EXPECT_EQ(folded("", 10), Lines{""});
    EXPECT_EQ(folded("one two", 7), Lines{"one two"});
    EXPECT_EQ(folded("one two  three", 8), (Lines{"one two", "three"}));
    EXPECT_EQ(folded("one twothree", 5), (Lines{"one", "twoth", "ree"}));
    EXPECT_EQ(folded("서울특별시", 4), (Lines{"서울", "특별", "시"}));
    EXPECT_EQ(folded("서울", 1), (Lines{"서", "울"})) << "a letter that is wider than the line";
    EXPECT_EQ(folded("  a bcdefg", 4), (Lines{"  a", "bcde", "fg"}));
    EXPECT_EQ(indented("one two three", 4, 12), "one two\n    three");
}

TEST(Text, alternatives_are_told_as_people_do) {
    using Words = std::vector<std::string>;
    EXPECT_EQ(alternatives(Words{}), "");
    EXPECT_EQ(alternatives(Words{"a"}), "a");
    EXPECT_EQ(alternatives(Words{"a", "b"}), "a or b");
    EXPECT_EQ(alternatives(Words{"a", "b", "c"}), "a, b or c");
}

TEST(Text, printable_hides_nothing) {
    EXPECT_EQ(printable(std::string{"a\x00\xff\x7f가", 7}), "a\\x00\\xff\\x7f가");
    EXPECT_EQ(printable("a\u202eb"), "a\\u{202e}b");
    EXPECT_EQ(printable("a\u200bb\u2028"), "a\\u{200b}b\\u{2028}");
    EXPECT_TRUE(is_printable("서울 é 🙂"));
    EXPECT_FALSE(is_printable("a\nb"));
}

TEST(Text, markup_is_text) {
    EXPECT_EQ(html_text("<a href=\"x\" b='y'>&</a>"),
              "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;&lt;/a&gt;");
}

TEST(Text, json_is_exact_unless_it_is_no_text) {
    EXPECT_EQ(json_text("a\n\"\u202e"), "\"a\\n\\\"\u202e\"");
    EXPECT_EQ(json_text("\xff"), "\"\\\\xff\"");
}

}  // namespace
}  // namespace yeyak
