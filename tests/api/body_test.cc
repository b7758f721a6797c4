// What a body may hold is said once; here it is asked of a body made for the purpose. Those of the
// systems are asked over HTTP (tests/e2e/bodies_test.py).
#include <gtest/gtest.h>

#include "api/routes/body_impl.h"
#include "api/routes/forms.h"
#include "server/config/config.h"

namespace yeyak::api {
namespace {

struct Order {
    std::string item;
    std::int64_t qty = 0;
    std::optional<Won> price;
    std::optional<privacy::Address> address;
    std::optional<std::string> status;
    std::optional<Date> day;
    std::optional<privacy::CardNumber> card_no;
    std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(Order, (), (item, qty, price, address, status, day, card_no, note))

const Body<Order> order{
    Reading::lenient,
    {field(&Order::item).length(1, 10), field(&Order::qty).from(1),
     field(&Order::price).amount(0).about("in won"), field(&Order::address).length(0, 100),
     field(&Order::status).one_of({"01"}, "a new one is open"),
     field(&Order::card_no).form(card_number), field(&Order::note).length(0, 20).lines()},
    {.ignored = {"process"}, .refused = {{"total", "cannot be set: it is counted"}}}};

struct Asked {
    http::Response refused;
    std::optional<Order> order;
};

Asked ask(const std::string& text, std::int64_t most = server::exact_number) {
    http::Request request;
    request.body = text;
    server::LimitsConfig limits;
    limits.amount = most;
    auto read = order.read(request, limits);
    if (read) return {{}, *std::move(read)};
    return {std::move(read).error(), std::nullopt};
}

std::string with(const std::string& members) { return R"({"item":"a","qty":1,)" + members + "}"; }

std::string times(int count, std::string_view text) {
    std::string out;
    for (int i = 0; i < count; ++i) out += text;
    return out;
}

void expect_refused(const std::string& text, int status, std::string_view errors) {
    const auto asked = ask(text);
    ASSERT_FALSE(asked.order) << text;
    EXPECT_EQ(asked.refused.status, status) << text;
    EXPECT_TRUE(asked.refused.body.contains(errors)) << text << "\n" << asked.refused.body;
}

TEST(Body, a_body_that_fits_is_read) {
    const auto asked = ask(R"({"item":3,"qty":"2","price":5,"status":"01","day":"2026-11-30"})");
    ASSERT_TRUE(asked.order) << asked.refused.body;
    EXPECT_EQ(asked.order->item, "3");
    EXPECT_EQ(asked.order->qty, 2);
    EXPECT_EQ(asked.order->price, Won{5});
}

TEST(Body, lengths_are_characters_and_not_bytes) {
    EXPECT_TRUE(ask(with(R"("address":")" + times(34, "서") + "\"")).order);
    EXPECT_TRUE(ask(with(R"("address":")" + times(100, "한") + "\"")).order);
    expect_refused(with(R"("address":")" + times(101, "한") + "\""), 422,
                   "address must have at most 100 characters; it has 101");
    expect_refused(R"({"item":"","qty":1})", 422, "item must have 1 to 10 characters; it has 0");
}

TEST(Body, everything_that_is_wrong_is_told_at_once) {
    expect_refused(
        R"({"qty":0,"price":"much","adress":"seoul"})", 400,
        R"("errors":[{"pointer":"/price","field":"price","code":"wrong_type",)"
        R"("detail":"price must be a whole number"},)"
        R"({"pointer":"/item","field":"item","code":"missing_field","detail":"item is required"},)"
        R"({"pointer":"/adress","field":"adress","code":"unknown_field",)"
        R"("detail":"adress is no field here; did you mean address?"},)"
        R"({"pointer":"/qty","field":"qty","code":"invalid_value",)"
        R"("detail":"qty must be at least 1"}])");
}

// What is in a name is not taken for a path: "a.b" is one field and not a field of a.
TEST(Body, a_name_with_dots_or_brackets_is_one_step_of_its_path) {
    const std::pair<std::string_view, std::string_view> names[] = {
        {R"(a.b)", R"("pointer":"/a.b","field":"[\"a.b\"]")"},
        {R"(a[0])", R"("pointer":"/a[0]","field":"[\"a[0]\"]")"},
        {R"(~a/b)", R"("pointer":"/~0a~1b","field":"~a/b")"},
        {R"(]\"\\)", R"("pointer":"/]\"\\","field":"[\"]\\\"\\\\\"]")"}};
    for (const auto& [name, told] : names)
        expect_refused(with(fmt::format(R"("{}":1)", name)), 400, told);
    expect_refused(R"({"item":"a","qty":1,"x":[{"a.b":1,"a.b":2}]})", 400,
                   R"("field":"x[0][\"a.b\"]")");
}

TEST(Body, what_cannot_be_read_goes_before_what_does_not_fit) {
    const auto asked = ask(R"({"item":"","qty":true})");
    EXPECT_EQ(asked.refused.status, 400);
    EXPECT_TRUE(asked.refused.body.contains(R"("code":"wrong_type")")) << asked.refused.body;
    EXPECT_TRUE(asked.refused.body.contains(R"("field":"qty")")) << asked.refused.body;
}

TEST(Body, an_unknown_field_is_refused_and_the_known_ones_are_named) {
    expect_refused(with(R"("colour":"red")"), 400,
                   "colour is no field here; there are item, qty, price, address, status, day, "
                   "cardNo, note");
    expect_refused(with("\"" + times(1000, "x") + "\":1"), 400, "x… is no field here");
}

TEST(Body, fields_without_effect_are_taken_and_forbidden_ones_say_why) {
    EXPECT_TRUE(ask(with(R"("process":"Payed")")).order);
    expect_refused(with(R"("total":5)"), 422, "total cannot be set: it is counted");
}

TEST(Body, of_many_mistakes_the_first_are_told) {
    std::string text = R"({"item":"a","qty":1)";
    for (int i = 0; i < 50; ++i) text += ",\"wrong" + std::to_string(i) + "\":1";
    const auto asked = ask(text + "}");
    EXPECT_TRUE(asked.refused.body.contains("; and 30 more")) << asked.refused.body;
    EXPECT_TRUE(asked.refused.body.contains("wrong19")) << asked.refused.body;
    EXPECT_FALSE(asked.refused.body.contains("wrong20")) << asked.refused.body;
}

TEST(Body, amounts_end_where_json_numbers_are_no_longer_exact_or_where_the_setting_says) {
    EXPECT_TRUE(ask(with(R"("price":9007199254740991)")).order);
    expect_refused(with(R"("price":9007199254740992)"), 422,
                   "price must be from 0 to 9007199254740991, in won");
    EXPECT_TRUE(ask(with(R"("price":1000)"), 1000).order);
    EXPECT_FALSE(ask(with(R"("price":1001)"), 1000).order);
}

TEST(Body, no_text_holds_a_control_character) {
    for (const auto* control : {"\\u0000", "\\n", "\\u001b[31m", "\\u007f", "\\u0085"})
        expect_refused(with(std::string{R"("address":"a)"} + control + "\""), 422,
                       "address must be without control characters");
}

TEST(Body, a_text_of_several_lines_holds_no_other_control_character) {
    EXPECT_TRUE(ask(with(R"("note":"12 Jong-ro\nSeoul\r\n")")).order);
    expect_refused(with(R"("note":"a\u0000")"), 422,
                   "note must be without control characters other than line breaks");
}

TEST(Body, words_and_forms_say_what_they_must_be) {
    expect_refused(with(R"("status":"02")"), 422, "status must be 01: a new one is open");
    expect_refused(with(R"("cardNo":"12")"), 422,
                   "cardNo must be 12 to 19 digits, in groups or not");
    EXPECT_TRUE(ask(with(R"("cardNo":1234123412341234)")).order);
}

TEST(Body, what_is_no_object_is_refused_as_a_whole) {
    for (const auto* text : {"", "[]", "7", "{", R"({"item":"a","item":"b","qty":1})"}) {
        const auto asked = ask(text);
        EXPECT_EQ(asked.refused.status, 400) << text;
    }
}

TEST(Body, its_schema_says_the_same) {
    server::LimitsConfig limits;
    limits.amount = 1000;
    EXPECT_EQ(order.schema(limits).text(),
              R"({"type":"object","required":["item","qty"],"properties":{)"
              R"("item":{"type":["string","integer"],"minLength":1,"maxLength":10,)"
              R"("pattern":"^[^\\u0000-\\u001F\\u007F-\\u009F]*$"},)"
              R"("qty":{"type":["integer","string"],"minimum":1,"maximum":9223372036854775807,)"
              R"("pattern":"^-?[0-9]+$"},)"
              R"("price":{"type":["integer","string","null"],"minimum":0,"maximum":1000,)"
              R"("pattern":"^-?[0-9]+$","description":"in won"},)"
              R"("address":{"type":["string","integer","null"],"minLength":0,"maxLength":100,)"
              R"("pattern":"^[^\\u0000-\\u001F\\u007F-\\u009F]*$"},)"
              R"("status":{"type":["string","integer","null"],"enum":["01",null]},)"
              R"("day":{"type":["string","null"],"format":"date"},)"
              R"("cardNo":{"type":["string","integer","null"],)"
              R"("pattern":"^[0-9](?:[- ]?[0-9]){11,18}$"},)"
              R"("note":{"type":["string","integer","null"],"minLength":0,"maxLength":20,)"
              R"("pattern":"^[^\\u0000-\\u0009\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"},)"
              R"("process":{"description":"accepted and ignored"}},)"
              R"("additionalProperties":false})");
}

struct Choice {
    std::optional<std::int64_t> id;
    std::optional<std::int64_t> number;
};
BOOST_DESCRIBE_STRUCT(Choice, (), (id, number))

std::optional<int> refusal_of(BodyOptions options, std::string_view text) {
    const Body<Choice> choice{Reading::strict,
                              {field(&Choice::id).from(1), field(&Choice::number).from(1)},
                              std::move(options)};
    http::Request request;
    request.body = text;
    const auto read = choice.read(request, {});
    if (read) return std::nullopt;
    return read.error().status;
}

TEST(Body, one_of_some_fields_must_be_there) {
    const BodyOptions one{.one_of = {"id", "number"}};
    EXPECT_EQ(refusal_of(one, "{}"), 400);
    EXPECT_EQ(refusal_of(one, R"({"id":1,"number":1})"), 422);
    EXPECT_EQ(refusal_of(one, R"({"id":1,"number":null})"), std::nullopt);
    const BodyOptions any{.any_of = {"id", "number"}};
    EXPECT_EQ(refusal_of(any, "{}"), 400);
    EXPECT_EQ(refusal_of(any, R"({"id":1,"number":1})"), std::nullopt);
}

TEST(Body, a_body_may_be_left_out_only_when_it_says_so) {
    EXPECT_EQ(refusal_of({}, ""), 400);
    EXPECT_EQ(refusal_of({.may_be_left_out = true}, ""), std::nullopt);
}

struct Unsaid {
    std::string text;
};
BOOST_DESCRIBE_STRUCT(Unsaid, (), (text))

TEST(BodyDeathTest, a_text_without_a_limit_does_not_pass) {
    EXPECT_DEATH((Body<Unsaid>{Reading::strict, {}}), "a body says what each of its fields holds");
}

TEST(RegistrationNumber, begins_with_a_day_that_there_was) {
    using privacy::refuse_registration_number;
    for (const auto* right :
         {"890309-2766876", "000229-3000000", "240229-4123456", "991231-9999999", "770102-1234567"})
        EXPECT_EQ(refuse_registration_number(right), "") << right;
    // The year 1900 had no 29 February.
    for (const auto* wrong : {"891309-2766876", "890230-2766876", "890300-2766876",
                              "890009-1234567", "000229-1000000", "230229-3000000"})
        EXPECT_EQ(refuse_registration_number(wrong),
                  "a number that begins with a day of birth, YYMMDD")
            << wrong;
    EXPECT_EQ(refuse_registration_number("890309 2766876"), "");
    for (const auto* no : {"", "890309276687", "89030a-2766876"})
        EXPECT_EQ(refuse_registration_number(no), "13 digits, such as 890309-2766876") << no;
}

}  // namespace
}  // namespace yeyak::api
