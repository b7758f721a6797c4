// The JSON codec: what it reads, what it refuses and how it says so, and that what it writes it
// reads.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "kernel/json_impl.h"

namespace yeyak {
namespace {

enum class Grade { standard, deluxe };
BOOST_DESCRIBE_ENUM(Grade, standard, deluxe)

struct Item {
    std::string room_name;
    std::int32_t count = 0;
    friend bool operator==(const Item&, const Item&) = default;
};
BOOST_DESCRIBE_STRUCT(Item, (), (room_name, count))

struct Order {
    std::string user_id;
    Won price;
    bool paid = false;
    Instant at;
    Date day;
    Grade grade = Grade::standard;
    std::vector<Item> items;
    std::optional<std::string> note;
    std::optional<Item> extra;
    std::uint8_t small = 0;
    friend bool operator==(const Order&, const Order&) = default;
};
BOOST_DESCRIBE_STRUCT(Order, (), (user_id, price, paid, at, day, grade, items, note, extra, small))

struct Text {
    std::string text;
};
BOOST_DESCRIBE_STRUCT(Text, (), (text))
struct Number {
    std::int64_t n = 0;
};
BOOST_DESCRIBE_STRUCT(Number, (), (n))

constexpr std::string_view order_text =
    R"({"userId":"u1","price":15000,"paid":true,"at":"2026-11-20T11:28:30.123Z",)"
    R"("day":"2026-11-20","grade":"deluxe","items":[{"roomName":"A","count":2}],)"
    R"("note":null,"extra":null,"small":7})";

std::string with(std::string_view from, std::string_view to) {
    std::string text{order_text};
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

// "code field" of the refusal.
template <class T>
std::string refusal(std::string_view text, Reading reading = Reading::strict) {
    const auto read = from_json<T>(text, reading);
    EXPECT_FALSE(read) << text;
    return read ? "" : read.error().code + " " + read.error().field;
}

TEST(Json, reads_and_writes_every_kind_of_field) {
    const auto order = from_json<Order>(order_text);
    ASSERT_TRUE(order) << order.error().field << " " << order.error().detail;
    EXPECT_EQ(order->user_id, "u1");
    EXPECT_EQ(order->price, Won{15000});
    EXPECT_EQ(order->grade, Grade::deluxe);
    EXPECT_EQ(order->items, (std::vector<Item>{{"A", 2}}));
    EXPECT_EQ(order->note, std::nullopt);
    EXPECT_EQ(to_json(*order), order_text);
}

TEST(Json, unknown_fields_are_ignored_and_optional_ones_may_be_missing) {
    EXPECT_TRUE(from_json<Order>(with("\"note\":null,", "")));
    EXPECT_TRUE(from_json<Order>(with("\"note\":null,", R"("other":{"deep":[1,{}]},)")));
}

TEST(Json, says_what_does_not_fit_and_where) {
    EXPECT_EQ(refusal<Order>(with("\"paid\":true,", "")), "missing_field paid");
    EXPECT_EQ(refusal<Order>(with("\"count\":2", "\"counts\":2")), "missing_field items[0].count");
    EXPECT_EQ(refusal<Order>(with("true", "1")), "wrong_type paid");
    EXPECT_EQ(refusal<Order>(with("\"u1\"", "1")), "wrong_type userId");
    EXPECT_EQ(refusal<Order>(with("\"u1\"", "null")), "wrong_type userId");
    EXPECT_EQ(refusal<Order>(with("15000", "15000.0")), "wrong_type price");
    EXPECT_EQ(refusal<Order>(with("15000", "\"15000\"")), "wrong_type price");
    EXPECT_EQ(refusal<Order>(with("15000", "9223372036854775808")), "out_of_range price");
    EXPECT_EQ(refusal<Order>(with(":7", ":256")), "out_of_range small");
    EXPECT_EQ(refusal<Order>(with(":7", ":-1")), "out_of_range small");
    EXPECT_EQ(refusal<Order>(with("\"count\":2", "\"count\":2147483648")),
              "out_of_range items[0].count");
    EXPECT_EQ(refusal<Order>(with("deluxe", "luxe")), "wrong_type grade");
    EXPECT_EQ(refusal<Order>(with("2026-11-20\"", "2026-02-29\"")), "wrong_type day");
    EXPECT_EQ(refusal<Order>(with("T11", " 11")), "wrong_type at");
    EXPECT_EQ(refusal<Order>(with("[{\"roomName\":\"A\",\"count\":2}]", "{}")), "wrong_type items");
    EXPECT_EQ(refusal<Order>("[]"), "wrong_type ");
    EXPECT_EQ(refusal<Order>("null"), "wrong_type ");
}

TEST(Json, a_key_that_occurs_twice_is_refused_at_every_depth) {
    EXPECT_EQ(refusal<Text>(R"({"text":"a","text":"a"})"), "duplicate_key text");
    EXPECT_EQ(refusal<Text>(R"({"text":"a","te\u0078t":"a"})"), "duplicate_key text");
    EXPECT_EQ(refusal<Text>(R"({"text":"a","x":{"y":[{"z":1,"z":2}]}})"), "duplicate_key x.y[0].z");
    EXPECT_TRUE(check_json(R"([{"a":1},{"a":1}])", false));
    EXPECT_EQ(check_json(R"([[[{"a":1,"b":0,"a":1}]]])", false).error().code, "duplicate_key");
}

TEST(Json, nests_at_most_32_levels) {
    const auto nested = [](std::size_t levels) {
        return std::string(levels, '[') + std::string(levels, ']');
    };
    EXPECT_TRUE(check_json(nested(max_json_depth), false));
    EXPECT_EQ(check_json(nested(max_json_depth + 1), false).error().code, "too_deep");
    const auto in_a = check_json("{\"a\":" + nested(max_json_depth) + "}", true);
    EXPECT_TRUE(in_a.error().field.starts_with("a[0][0]")) << in_a.error().field;
    EXPECT_EQ(check_json(nested(100'000), false).error().code, "too_deep");
    std::string objects = "1";
    for (std::size_t i = 0; i < max_json_depth; ++i) objects = "{\"a\":" + objects + "}";
    EXPECT_TRUE(check_json(objects, true));
    EXPECT_EQ(check_json("{\"a\":" + objects + "}", true).error().code, "too_deep");
}

TEST(Json, the_whole_document_is_checked) {
    for (const char* bad : {"",
                            " ",
                            "{",
                            "{}x",
                            "{} {}",
                            "{\"a\":}",
                            "{\"a\" 1}",
                            "[1,]",
                            "[01]",
                            "nul",
                            "{'a':1}",
                            "{\"a\":\"\n\"}",
                            "[\"\\x\"]",
                            "[\"\\ud800\"]",
                            "+1",
                            "[.5]",
                            "\xef\xbb\xbf{}",
                            "[1e]",
                            "[NaN]",
                            "//x\n{}"})
        EXPECT_FALSE(check_json(bad, false)) << bad;
    EXPECT_EQ(check_json("{\"a\":\"\xc3\x28\"}", true).error().code, "bad_utf8");
    EXPECT_EQ(check_json("{\"a\":\"\xed\xa0\x80\"}", true).error().code, "bad_utf8");
    EXPECT_EQ(check_json("{\"a\":\"\xf4\x90\x80\x80\"}", true).error().code, "bad_utf8");
    EXPECT_EQ(check_json("[1e400]", false).error().code, "out_of_range");
    EXPECT_EQ(check_json("[]", true).error().code, "wrong_type");
    EXPECT_TRUE(check_json("[-0, 1e3, \"\\ud83d\\ude00\", \"\\u0000\"]", false));
}

TEST(Json, lenient_reading_takes_numbers_and_texts_for_each_other) {
    const auto lenient = Reading::lenient;
    EXPECT_EQ(from_json<Number>(R"({"n":"-12"})", lenient)->n, -12);
    EXPECT_EQ(from_json<Text>(R"({"text":12})", lenient)->text, "12");
    for (const char* bad : {"", " 1", "1 ", "+1", "1.0", "0x1", "one", "1e2"})
        EXPECT_EQ(refusal<Number>(std::string{"{\"n\":\""} + bad + "\"}", lenient), "wrong_type n");
    EXPECT_EQ(refusal<Number>(R"({"n":"9223372036854775808"})", lenient), "out_of_range n");
    EXPECT_EQ(refusal<Text>(R"({"text":1.5})", lenient), "wrong_type text");
    EXPECT_EQ(refusal<Text>(R"({"text":true})", lenient), "wrong_type text");
}

TEST(Json, escapes_what_must_be) {
    std::string out;
    append_json_string(out, std::string("a\"\\\n\t\x01\x1f\0é예/\x7f", 15));
    EXPECT_EQ(out, "\"a\\\"\\\\\\n\\u0009\\u0001\\u001f\\u0000é예/\x7f\"");
}

rc::Gen<std::string> any_text() {
    const auto piece = rc::gen::element<std::string>("a", "\"", "\\", "\n", std::string(1, '\0'),
                                                     "\x1f", "é", "예약", "😀", "/", "{", "\x7f");
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                        [](const auto& pieces) {
                            std::string all;
                            for (const auto& p : pieces) all += p;
                            return all;
                        });
}

RC_GTEST_PROP(Json, what_is_written_is_read, ()) {
    Order order;
    order.user_id = *any_text();
    order.price.amount = *rc::gen::arbitrary<std::int64_t>();
    order.paid = *rc::gen::arbitrary<bool>();
    order.at.ms = *rc::gen::inRange<std::int64_t>(-62'167'219'200'000, 253'402'300'800'000);
    order.day.days = *rc::gen::inRange(-719'528, 2'932'897);
    order.grade = *rc::gen::element(Grade::standard, Grade::deluxe);
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        order.items.push_back({*any_text(), *rc::gen::arbitrary<std::int32_t>()});
    if (*rc::gen::arbitrary<bool>()) order.note = *any_text();
    if (*rc::gen::arbitrary<bool>()) order.extra = Item{*any_text(), 1};
    order.small = *rc::gen::arbitrary<std::uint8_t>();
    const auto text = to_json(order);
    RC_ASSERT(check_json(text, true).has_value());
    const auto read = from_json<Order>(text);
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == order);
    RC_ASSERT(to_json(*read) == text);
}

}  // namespace
}  // namespace yeyak
