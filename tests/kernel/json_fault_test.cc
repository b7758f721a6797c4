// Where a text is no JSON, and what should stand there.
#include "kernel/json_fault.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "kernel/json.h"

namespace yeyak {
namespace {

using json_detail::find_fault;

TEST(JsonFault, is_located_by_line_and_column_with_what_was_expected) {
    const std::pair<std::string_view, std::string_view> faults[] = {
        {R"({"a":1,})", "line 1, column 8: expected a name in double quotes, found '}'"},
        {"{\n  \"a\": 1\n  \"b\": 2\n}", "line 3, column 3: expected ',' or '}', found '\"'"},
        {"{\"가나\":x}",
         "line 1, column 7: expected a value: an object, an array, a text in double quotes, a "
         "number, true, false or null, found 'x'"},
        {"{'a':1}",
         "line 1, column 2: expected a name in double quotes or '}', found a single quote (')"},
        {"{\"a\":1", "line 1, column 7: expected ',' or '}', found the end of the text"},
        {"[1,2", "line 1, column 5: expected ',' or ']', found the end of the text"},
        {"{\"a\" 1}", "line 1, column 6: expected ':' after the name, found '1'"},
        {"{} {}", "line 1, column 4: expected nothing more after the value, found '{'"},
        {"[01]",
         "line 1, column 3: expected no digit after a 0 at the beginning of a number, found '1'"},
        {"[1.]", "line 1, column 4: expected a digit, found ']'"},
        {"[-]", "line 1, column 3: expected a digit, found ']'"},
        {"[tru]", "line 1, column 5: expected true, found ']'"},
        {"[\"a\nb\"]",
         "line 1, column 4: expected no control character in a text; \\n and \\u000a are ways to "
         "write one, found the control character U+000A"},
        {"[\"\\x\"]",
         "line 1, column 4: expected one of \" \\ / b f n r t u after the backslash, found 'x'"},
        {"[\"\\u12g4\"]",
         "line 1, column 7: expected four hexadecimal digits after \\u, found 'g'"},
        {"[\"\\ud800\"]",
         "line 1, column 9: expected the second half of the pair of \\u escapes that began "
         "(\\udc00 to \\udfff), found '\"'"},
        {"[\"abc",
         "line 1, column 6: expected a double quote at the end of the text, found the "
         "end of the text"},
    };
    for (const auto& [text, told] : faults) {
        EXPECT_EQ(find_fault(text).value_or("none"), told) << text;
        const auto checked = check_json(text, false);
        ASSERT_FALSE(checked.has_value()) << text;
        EXPECT_EQ(checked.error().code, "malformed_json") << text;
        EXPECT_EQ(checked.error().detail, told) << text;
    }
}

TEST(JsonFault, a_byte_that_is_no_utf8_is_located_too) {
    const auto checked = check_json("{\n\"a\":\"\xff\"}", false);
    EXPECT_EQ(checked.error().code, "bad_utf8");
    EXPECT_EQ(checked.error().detail,
              "line 2, column 6: expected UTF-8, found a byte that is not UTF-8");
}

TEST(JsonFault, what_follows_the_grammar_has_none) {
    for (const auto* text :
         {"{}", "[]", " [ 1 , -0.5e+3 , \"\\ud83d\\ude00\\n\" , { \"a\" : [ ] } ] \n", "true",
          "\"\"", "0", "[1E400]"})
        EXPECT_EQ(find_fault(text), std::nullopt) << text;
    EXPECT_EQ(check_json("[1E400]", false).error().code, "out_of_range");
}

// Any text that the parser refuses has a fault here, and no text that it takes.
RC_GTEST_PROP(JsonFaultLaws, agree_with_the_parser_about_every_text, ()) {
    const std::string good = R"({"a":[1,-2.5e3,true,null,"x\n\ud83d\ude00"],"b":{"c":false}} )";
    auto text = good;
    const auto changes = *rc::gen::inRange(1, 4);
    for (int i = 0; i < changes; ++i) {
        const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
        const char c = *rc::gen::elementOf(std::string{"{}[]\",:\\ud0e1-+.tn \n'x"});
        if (*rc::gen::arbitrary<bool>())
            text[at] = c;
        else if (*rc::gen::arbitrary<bool>())
            text.insert(at, 1, c);
        else
            text.erase(at, 1);
    }
    const auto checked = check_json(text, false);
    const bool malformed = !checked && checked.error().code == "malformed_json";
    const bool other = !checked && !malformed;  // a key that is there twice, a number too large
    RC_ASSERT(find_fault(text).has_value() == malformed || (other && !find_fault(text)));
}

}  // namespace
}  // namespace yeyak
