// Texts of clients that end up in the log: what is UTF-8, how long it is, and who may act.
#include <gtest/gtest.h>

#include "kernel/actor.h"
#include "kernel/utf8.h"

namespace yeyak {
namespace {

std::string times(std::size_t count, std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += text;
    return out;
}

TEST(Utf8, is_known_from_bytes_that_are_none) {
    for (const auto* good : {"", "a", "한글", "\xF0\x9F\x93\xB1", "\xC2\x80", "\xEF\xBF\xBD"})
        EXPECT_TRUE(is_utf8(good)) << good;
    for (const auto* bad : {"\xFF", "\x80", "\xC0\xAF", "\xC3", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                            "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "a\xFEz", "\xED\x95"})
        EXPECT_FALSE(is_utf8(bad)) << bad;
}

TEST(Utf8, counts_characters_and_not_bytes) {
    EXPECT_EQ(characters(""), 0u);
    EXPECT_EQ(characters("abc"), 3u);
    EXPECT_EQ(characters("한글"), 2u);
    EXPECT_EQ(characters("\xF0\x9F\x93\xB1"), 1u);
    EXPECT_EQ(characters("a\xFF\xFF"), 3u);
}

TEST(Utf8, knows_control_characters) {
    for (const auto* bad : {"\n", "a\tb", "\x7F", "\x1F", "\xC2\x80", "\xC2\x9F", "한\x01글"})
        EXPECT_TRUE(has_control(bad)) << bad;
    for (const auto* good : {"", " ", "한글", "\xC2\xA0", "\xE2\x80\x8B", "~"})
        EXPECT_FALSE(has_control(good)) << good;
}

TEST(Actor, is_a_word_of_any_letters) {
    for (const auto* good : {"a", "user:17", "clerk:김민수", "operator:kim", "systems"})
        EXPECT_TRUE(is_actor(good)) << good;
    EXPECT_TRUE(is_actor(times(64, "김")));
    EXPECT_FALSE(is_actor(times(65, "김")));
    for (const auto* bad : {"", " ", "a b", "a\nb", "\xFF", "\xC2\x85"})
        EXPECT_FALSE(is_actor(bad)) << bad;
}

TEST(Actor, is_never_the_program) {
    for (const auto* own : {"system", "operator", "yeyak", "SYSTEM", "Operator"})
        EXPECT_TRUE(is_program(own)) << own;
    for (const auto* other : {"operator:kim", "anonymous", "systems", "", "syste"})
        EXPECT_FALSE(is_program(other)) << other;
}

}  // namespace
}  // namespace yeyak
