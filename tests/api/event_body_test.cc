// What clients may send to the log: what is read, what is refused with which field and words, and
// that the schema says the same.
#include "api/routes/event_body.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace yeyak::api {
namespace {

TEST(EventBody, reads_one_event_or_several) {
    const auto one = read_events(R"({"type":"ordered","data":{"a":1}})");
    ASSERT_TRUE(one.has_value());
    ASSERT_EQ(one->size(), 1u);
    EXPECT_EQ(one->front().type, "ordered");
    EXPECT_EQ(one->front().payload, R"({"a":1})");
    const auto two = read_events(R"([{"type":"a","data":{}},{"type":"b","data":{"x":[1,2]}}])");
    ASSERT_TRUE(two.has_value());
    EXPECT_EQ((*two)[1].payload, R"({"x":[1,2]})");
}

TEST(EventBody, keeps_data_as_it_was_written) {
    const std::string data = R"({ "big":123456789012345678901234567890.10, "s":"é\n" })";
    const auto read = read_events(R"({"data":)" + data + R"(,"type":"t"})");
    ASSERT_TRUE(read.has_value()) << read.error().front().detail;
    EXPECT_EQ(read->front().payload, data);
    for (const auto* text :
         {R"("a\"]}\\")", "-1.50e+3", "null", R"([ {"]":"\\"} , [ ] ])", "[\n]"}) {
        const auto list = read_events(R"([{"type":"a","data":)" + std::string{text} +
                                      R"( } , {"data":[1],"x":"}","type":"b"}])");
        ASSERT_TRUE(list.has_value()) << text;
        EXPECT_EQ((*list)[0].payload, text);
        EXPECT_EQ((*list)[1].payload, "[1]");
    }
}

struct Refusal {
    const char* body;
    const char* code;
    const char* field;
};

TEST(EventBody, refuses_with_the_fields_name) {
    constexpr Refusal refusals[] = {
        {"", "malformed_json", ""},
        {"[", "malformed_json", ""},
        {"7", "wrong_type", ""},
        {R"({"data":{}})", "missing_field", "type"},
        {R"({"type":"t"})", "missing_field", "data"},
        {R"({"type":7,"data":{}})", "wrong_type", "type"},
        {R"({"type":"t","type":"u","data":{}})", "duplicate_key", "type"},
        {R"({"type":"t","data":{"a":1,"a":2}})", "duplicate_key", "data.a"},
        {R"({"type":"t","data":{},"tags":"100%"})", "wrong_type", "tags"},
        {R"({"type":"t","data":{},"tags":7})", "wrong_type", "tags"},
        {R"({"type":"t","data":{},"tags":[1]})", "wrong_type", "tags[0]"},
        {R"({"type":"t","data":{},"specversion":"2.0"})", "wrong_type", "specversion"},
        {R"({"type":"t","data":{},"time":"yesterday"})", "wrong_type", "time"},
        {R"({"type":"t","data":{},"data_base64":"AA=="})", "invalid_value", "data"},
        {R"({"type":"t","data_base64":"AA"})", "wrong_type", "data_base64"},
        {R"({"type":"t","data_base64":7})", "wrong_type", "data_base64"},
        {R"({"type":"t","data":{},"datacontenttype":"json"})", "wrong_type", "datacontenttype"},
        {R"({"type":"t","data":{},"datacontenttype":""})", "wrong_type", "datacontenttype"},
        {R"({"type":"t","data":{},"dataschema":"/s"})", "wrong_type", "dataschema"},
        {R"({"type":"t","data":{},"source":""})", "wrong_type", "source"},
        {R"({"type":"t","data":{},"source":"a b"})", "wrong_type", "source"},
        {R"({"type":"t","data":{},"source":"%2"})", "wrong_type", "source"},
        {R"({"type":"t","data":{},"source":"a#b#c"})", "wrong_type", "source"},
        {R"({"type":"t","data":{},"id":""})", "wrong_type", "id"},
        {R"({"type":"t","data":{},"subject":""})", "wrong_type", "subject"},
        {R"({"type":"t","data":{},"actor":""})", "bad_actor", "actor"},
        {R"({"type":"t","data":{},"id":7})", "wrong_type", "id"},
        {R"({"type":"t","data":{},"time":true})", "wrong_type", "time"},
        {R"({"type":"t","data":{},"note":"a\u0007b"})", "invalid_value", "note"},
        {R"({"type":"t","data":{},"note":{}})", "wrong_type", "note"},
        {R"({"type":"t","data":{},"note":[]})", "wrong_type", "note"},
        {R"({"type":"t","data":{},"note":1.0})", "wrong_type", "note"},
        {R"({"type":"t","data":{},"note":2147483648})", "invalid_value", "note"},
        {R"({"type":"t","data":{},"position":7})", "reserved_attribute", "position"},
        {R"({"type":"t","data":{},"leafhash":"x"})", "reserved_attribute", "leafhash"},
        {R"({"type":"t","data":{},"userId":"x"})", "unknown_field", "userId"},
        {R"({"type":"t","data":{},"":"x"})", "unknown_field", R"([""])"},
        {R"({"specversion":"1.0","source":"/s","type":"t"})", "missing_field", "id"},
        {R"({"specversion":"1.0","id":"e","type":"t"})", "missing_field", "source"},
        {R"({"specversion":"1.0","id":"e","source":"/s","type":"t","tags":["a"]})", "wrong_type",
         "tags"},
        {R"({"type":"t","data":{},"actor":"a b"})", "bad_actor", "actor"},
        {R"({"type":"t","data":{},"tags":[""]})", "commit_too_large", "tags"},
        {R"([{"type":"t","data":{}},{"type":"t"}])", "missing_field", "[1].data"},
    };
    for (const auto& [body, code, field] : refusals) {
        const auto read = read_events(body);
        ASSERT_FALSE(read.has_value()) << body;
        EXPECT_EQ(read.error().front().code, code) << body;
        EXPECT_EQ(read.error().front().field, field) << body;
    }
}

TEST(EventBody, a_guard_is_never_null) {
    constexpr std::pair<const char*, const char*> nulls[] = {
        {R"({"appends":[{"stream":"a","expected":null,"events":[{"type":"t","data":1}]}]})",
         "appends[0].expected"},
        {R"({"appends":[{"stream":"a","events":[{"type":"t","data":1}]}],"conditions":null})",
         "conditions"},
        {R"({"appends":[{"stream":"a","events":[{"type":"t","data":1}]}],)"
         R"("conditions":[{"after":null,"tags":["x"]}]})",
         "conditions[0].after"},
        {R"({"appends":[{"stream":"a","events":[{"type":"t","data":1}]}],)"
         R"("conditions":[{"tags":["x"],"types":null}]})",
         "conditions[0].types"}};
    for (const auto& [body, field] : nulls) {
        const auto read = read_commit(body);
        ASSERT_FALSE(read.has_value()) << body;
        EXPECT_EQ(read.error().front().code, "wrong_type") << body;
        EXPECT_EQ(read.error().front().field, field) << body;
    }
    const auto schema = schema_of_commit().text();
    EXPECT_EQ(schema.find(R"("conditions":{"type":["array","null"])"), std::string::npos) << schema;
}

TEST(EventBody, no_condition_looks_for_what_no_event_has) {
    for (const auto* list : {"tags", "types"}) {
        const auto read = read_commit(
            R"({"appends":[{"stream":"a","events":[{"type":"t","data":1}]}],"conditions":[{")" +
            std::string{list} + R"(":[""]}]})");
        ASSERT_FALSE(read.has_value()) << list;
        EXPECT_EQ(read.error().front().code, "wrong_type") << list;
    }
}

// What is wrong with a long list is found after it is read, and must not take much more than that.
TEST(EventBody, reads_no_more_items_than_a_body_may_hold) {
    std::string items = "[1";
    for (int i = 0; i < 200'000; ++i) items += ",1";
    items += ']';
    const auto list = read_events(items);
    ASSERT_FALSE(list.has_value());
    EXPECT_EQ(list.error().front().code, "commit_too_large");
    const auto commit = read_commit(R"({"appends":[{"stream":"a","events":)" + items +
                                    R"(},{"stream":"b","events":)" + items + "}]}");
    ASSERT_FALSE(commit.has_value());
    EXPECT_LE(commit.error().size(), 2'000u);
    EXPECT_TRUE(std::ranges::any_of(commit.error(), [](const JsonError& error) {
        return error.code == "out_of_range" && error.field == "appends";
    }));
    std::string tags(100'000, ',');
    EXPECT_FALSE(read_events(R"({"type":"t","data":1,"tags":")" + tags + R"("})").has_value());
}

TEST(EventBody, reads_what_the_content_type_says) {
    const std::string event = R"({"specversion":"1.0","id":"e","source":"/s","type":"t"})";
    EXPECT_TRUE(read_events(event, Envelope::structured));
    EXPECT_TRUE(read_events("[" + event + "]", Envelope::batch));
    EXPECT_EQ(read_events("[]", Envelope::batch).error().front().code, "no_events");
    EXPECT_FALSE(read_events("[" + event + "]", Envelope::structured));
    EXPECT_FALSE(read_events(event, Envelope::batch));
    const auto plain = R"([{"id":"e","source":"/s","type":"t","data":1}])";
    EXPECT_TRUE(read_events(plain));
    EXPECT_EQ(read_events(plain, Envelope::batch).error().front().field, "[0].specversion");
}

TEST(EventBody, reads_a_commit_with_expectations_and_conditions) {
    const auto commit = read_commit(
        R"({"appends":[{"stream":"a-1","expected":0,"events":[{"type":"t","data":{}}]},)"
        R"({"stream":"b-1","expected":"exists","events":[{"type":"u","data":{}}]}],)"
        R"("conditions":[{"after":7,"tags":["x"],"types":["t"]}]})");
    ASSERT_TRUE(commit.has_value()) << commit.error().front().detail;
    ASSERT_EQ(commit->appends.size(), 2u);
    EXPECT_EQ(commit->appends[0].expected.kind, eventstore::Expected::Kind::exact);
    EXPECT_EQ(commit->appends[1].expected.kind, eventstore::Expected::Kind::exists);
    ASSERT_EQ(commit->conditions.size(), 1u);
    EXPECT_EQ(commit->conditions[0].after, 7u);
    EXPECT_EQ(commit->conditions[0].filter.tags, std::vector<std::string>{"x"});
}

TEST(EventBody, refuses_a_commit_with_the_fields_name) {
    constexpr Refusal refusals[] = {
        {"{}", "missing_field", "appends"},
        {"[]", "wrong_type", ""},
        {R"({"appends":[{"events":[]}]})", "missing_field", "appends[0].stream"},
        {R"({"appends":[{"stream":"a","expected":-1,"events":[]}]})", "wrong_type",
         "appends[0].expected"},
        {R"({"appends":[{"stream":"a","expected":"maybe","events":[]}]})", "wrong_type",
         "appends[0].expected"},
        {R"({"appends":[{"stream":"a","events":[{"type":"t","data":{}}]}],"conditions":[{}]})",
         "missing_field", "conditions[0].tags"},
        // A guard that is misspelt guards nothing.
        {R"({"appends":[{"stream":"a","events":[]}],"condition":[{"tags":["x"]}]})",
         "unknown_field", "condition"},
        {R"({"appends":[{"stream":"a","expectedVersion":1,"events":[]}]})", "unknown_field",
         "appends[0].expectedVersion"},
        {R"({"appends":[{"stream":"a","events":[{"type":"t","data":1}]}],)"
         R"("conditions":[{"tag":["x"]}]})",
         "unknown_field", "conditions[0].tag"},
    };
    for (const auto& [body, code, field] : refusals) {
        const auto read = read_commit(body);
        ASSERT_FALSE(read.has_value()) << body;
        EXPECT_EQ(read.error().front().code, code) << body;
        EXPECT_EQ(read.error().front().field, field) << body;
    }
}

// Of every event and append, each with its place.
TEST(EventBody, all_that_is_wrong_is_named_at_once) {
    const auto read = read_commit(
        R"({"appends":[{"stream":"a","expect":1,"events":[{"type":"t","data":{}},)"
        R"({"type":"","time":"x","data":1},{"data":1,"Type":"t"}]},{"stream":"b","events":[]}],)"
        R"("conditions":[{"after":-1,"tag":["x"]}]})");
    ASSERT_FALSE(read.has_value());
    std::string told;
    for (const auto& [code, field, detail] : read.error()) told += field + " " + code + "\n";
    EXPECT_EQ(told,
              "appends[0].expect unknown_field\n"
              "appends[0].events[1].type wrong_type\n"
              "appends[0].events[1].time wrong_type\n"
              "appends[0].events[2].type missing_field\n"
              "appends[0].events[2].Type unknown_field\n"
              "appends[1].events no_events\n"
              "conditions[0].tag unknown_field\n"
              "conditions[0].after wrong_type\n");
    const auto answer = refuse_body(read.error());
    EXPECT_EQ(answer.status, 400);
    for (const auto* part :
         {R"("pointer":"/appends/0/events/1/type")",
          "appends[0].expect is no field here; did you mean expected?",
          "appends[0].events[2].Type is no field here; did you mean type?; others are named with 1 "
          "to 64 lower-case letters and digits"})
        EXPECT_TRUE(answer.body.contains(part)) << part << " in " << answer.body;
    const auto list = read_events(R"([{"type":"t","data":1},{"type":7,"data":1}])");
    EXPECT_TRUE(refuse_body(list.error()).body.contains(R"("pointer":"/1/type")"));
}

TEST(EventBody, an_attribute_may_have_any_name) {
    const auto read = read_events(R"({"type":"t","data":1,"others":"x","errors":true,"name":3})");
    ASSERT_TRUE(read.has_value()) << read.error().front().detail;
    ASSERT_EQ(read->front().attributes.size(), 3u);
    EXPECT_EQ(read->front().attributes[2].name, "others");
    const auto wrong =
        read_events(R"({"type":"t","data":1,"a":{},"b":1,"c":[],"position":{},"B":{}})");
    ASSERT_FALSE(wrong.has_value());
    std::string told;
    for (const auto& [code, field, detail] : wrong.error()) told += field + " " + code + ",";
    EXPECT_EQ(told, "a wrong_type,c wrong_type,position reserved_attribute,B unknown_field,");
}

TEST(EventBody, limits_are_those_of_the_log) {
    const std::string fits(200, 'x');
    const auto event = [](const std::string& member) {
        return R"({"type":"t","data":1,)" + member + "}";
    };
    EXPECT_TRUE(read_events(event(R"("id":")" + fits + R"(")")));
    for (const auto& member : {R"("id":")" + fits + R"(x")", R"("tags":[")" + fits + R"(x"])",
                               R"("note":")" + std::string(4097, 'x') + R"(")"}) {
        const auto read = read_events(event(member));
        ASSERT_FALSE(read.has_value()) << member;
        EXPECT_EQ(read.error().front().code, "commit_too_large");
        EXPECT_EQ(refuse_body(read.error()).status, 422);
    }
}

// The schema says the same: see what_the_schema_says_of_a_commit and bodies_test.py.
TEST(EventBody, null_is_as_good_as_nothing) {
    EXPECT_TRUE(read_events(R"({"type":"t","data":1,"specversion":null,"tags":["a"]})"));
    EXPECT_TRUE(read_events(R"({"type":"t","data":null,"data_base64":null})")) << "a value is null";
    const auto wrong = read_events(R"({"specversion":"1.0","type":"t","id":null,"source":"/s"})",
                                   Envelope::structured);
    ASSERT_FALSE(wrong.has_value());
    EXPECT_EQ(wrong.error().front().code + " " + wrong.error().front().field, "missing_field id");
    const auto schema = schema_of_events(Envelope::structured).text();
    EXPECT_TRUE(schema.contains(R"("id":{"type":"string",)")) << schema;
    EXPECT_TRUE(schema.contains(R"("subject":{"type":["string","null"])")) << schema;
}

TEST(EventBody, what_the_schema_says_of_a_commit) {
    const auto schema = schema_of_commit().text();
    EXPECT_TRUE(check_json(schema, true).has_value()) << schema;
    for (const auto* part :
         {R"("required":["appends"])", R"("minItems":1,"maxItems":4096,"items":{"type":"object")",
          R"("expected":{"anyOf":[{"type":"integer","minimum":0,"maximum":9223372036854775807},)",
          R"("if":{"required":["specversion"],)"
          R"("properties":{"specversion":{"not":{"type":"null"}}},"additionalProperties":true},)"
          R"("then":{"required":["id","source"],"properties":{"tags":{"type":["string","null"]},)"
          R"("id":{"not":{"type":"null"}},"source":{"not":{"type":"null"}}})",
          R"("not":{"required":["data","data_base64"],)"
          R"("properties":{"data_base64":{"not":{"type":"null"}}},"additionalProperties":true})",
          R"("position":{"not":{},)", R"("additionalProperties":{"anyOf":[)",
          R"("propertyNames":{"anyOf":[{"pattern":"^[a-z0-9]{1,64}$"},{"enum":["type","data",)",
          R"("data":{"description":"any JSON"})", R"("contentEncoding":"base64")"})
        EXPECT_TRUE(schema.contains(part)) << part << " in " << schema;
}

}  // namespace
}  // namespace yeyak::api
