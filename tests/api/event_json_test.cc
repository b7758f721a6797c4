// Events on the wire: what is read, what is refused with which field, what comes back.
#include "eventstore/event_json.h"

#include <gtest/gtest.h>

namespace yeyak::api {
namespace {

TEST(EventJson, reads_one_event_or_several) {
    const auto one = eventstore::read_events(R"({"type":"ordered","data":{"a":1}})");
    ASSERT_TRUE(one.has_value());
    ASSERT_EQ(one->size(), 1u);
    EXPECT_EQ(one->front().type, "ordered");
    EXPECT_EQ(one->front().payload, R"({"a":1})");
    const auto two =
        eventstore::read_events(R"([{"type":"a","data":{}},{"type":"b","data":{"x":[1,2]}}])");
    ASSERT_TRUE(two.has_value());
    EXPECT_EQ((*two)[1].payload, R"({"x":[1,2]})");
}

TEST(EventJson, keeps_data_as_it_was_written) {
    const std::string data = R"({ "big":123456789012345678901234567890.10, "s":"é\n" })";
    const auto read = eventstore::read_events(R"({"data":)" + data + R"(,"type":"t"})");
    ASSERT_TRUE(read.has_value()) << read.error().detail;
    EXPECT_EQ(read->front().payload, data);
}

TEST(EventJson, keeps_the_attributes_of_a_cloud_event) {
    const auto read = eventstore::read_events(
        R"({"specversion":"1.0","id":"e1","source":"/shop","subject":"s","type":"t",)"
        R"("time":"2026-01-02T03:04:05Z","datacontenttype":"application/json","tags":["user:1"],)"
        R"("correlationid":"c","causationid":"k","actor":"ann","unknown":7,"data":{}})");
    ASSERT_TRUE(read.has_value()) << read.error().detail;
    eventstore::RecordedEvent event;
    event.position = 9;
    event.version = 2;
    event.stream = "orders-1";
    event.data = read->front();
    std::string out;
    eventstore::append_event_json(out, event);
    for (const auto* part :
         {R"("id":"e1")", R"("source":"/shop")", R"("subject":"s")", R"("position":9)",
          R"("time":"2026-01-02T03:04:05Z")", R"("stream":"orders-1")", R"("version":2)",
          R"("correlationid":"c")", R"("causationid":"k")", R"("actor":"ann")"})
        EXPECT_NE(out.find(part), std::string::npos) << part << " in " << out;
    EXPECT_TRUE(check_json(out, true).has_value());
}

struct Refusal {
    const char* body;
    const char* code;
    const char* field;
};

TEST(EventJson, refuses_with_the_fields_name) {
    constexpr Refusal refusals[] = {
        {"", "malformed_json", ""},
        {"[", "malformed_json", ""},
        {"7", "wrong_type", ""},
        {R"({"data":{}})", "missing_field", "type"},
        {R"({"type":"t"})", "missing_field", "data"},
        {R"({"type":"t","data":[]})", "wrong_type", "data"},
        {R"({"type":"t","data":"x"})", "wrong_type", "data"},
        {R"({"type":7,"data":{}})", "wrong_type", "type"},
        {R"({"type":"t","type":"u","data":{}})", "duplicate_key", "type"},
        {R"({"type":"t","data":{"a":1,"a":2}})", "duplicate_key", "data.a"},
        {R"({"type":"t","data":{},"tags":"x"})", "wrong_type", "tags"},
        {R"({"type":"t","data":{},"tags":[1]})", "wrong_type", "tags"},
        {R"({"type":"t","data":{},"specversion":"2.0"})", "wrong_type", "specversion"},
        {R"({"type":"t","data":{},"time":"yesterday"})", "wrong_type", "time"},
        {R"({"type":"t","data":{},"data_base64":"AA=="})", "wrong_type", "data_base64"},
        {R"({"type":"t","data":{},"datacontenttype":"text/xml"})", "wrong_type", "datacontenttype"},
        {R"([{"type":"t","data":{}},{"type":"t"}])", "missing_field", "[1].data"},
    };
    for (const auto& [body, code, field] : refusals) {
        const auto read = eventstore::read_events(body);
        ASSERT_FALSE(read.has_value()) << body;
        EXPECT_EQ(read.error().code, code) << body;
        EXPECT_EQ(read.error().field, field) << body;
    }
}

TEST(EventJson, reads_a_commit_with_expectations_and_conditions) {
    const auto commit = eventstore::read_commit(
        R"({"appends":[{"stream":"a-1","expected":0,"events":[{"type":"t","data":{}}]},)"
        R"({"stream":"b-1","expected":"exists","events":[{"type":"u","data":{}}]}],)"
        R"("conditions":[{"after":7,"tags":["x"],"types":["t"]}]})");
    ASSERT_TRUE(commit.has_value()) << commit.error().field << commit.error().detail;
    ASSERT_EQ(commit->appends.size(), 2u);
    EXPECT_EQ(commit->appends[0].expected.kind, eventstore::Expected::Kind::exact);
    EXPECT_EQ(commit->appends[1].expected.kind, eventstore::Expected::Kind::exists);
    ASSERT_EQ(commit->conditions.size(), 1u);
    EXPECT_EQ(commit->conditions[0].after, 7u);
    EXPECT_EQ(commit->conditions[0].filter.tags, std::vector<std::string>{"x"});
}

TEST(EventJson, refuses_a_commit_with_the_fields_name) {
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
        {R"({"appends":[{"stream":"a","events":[]}],"conditions":[{"tag":["x"]}]})",
         "unknown_field", "conditions[0].tag"},
    };
    for (const auto& [body, code, field] : refusals) {
        const auto read = eventstore::read_commit(body);
        ASSERT_FALSE(read.has_value()) << body;
        EXPECT_EQ(read.error().code, code) << body;
        EXPECT_EQ(read.error().field, field) << body;
    }
}

TEST(EventJson, expectations_are_words_or_versions) {
    using Kind = eventstore::Expected::Kind;
    EXPECT_EQ(eventstore::parse_expected("any")->kind, Kind::any);
    EXPECT_EQ(eventstore::parse_expected("no-stream")->kind, Kind::no_stream);
    EXPECT_EQ(eventstore::parse_expected("exists")->kind, Kind::exists);
    EXPECT_EQ(eventstore::parse_expected("5")->version, 5u);
    for (const auto* text : {"", "-1", "+1", "5x", " 5", "Any", "99999999999999999999"})
        EXPECT_FALSE(eventstore::parse_expected(text).has_value()) << text;
}

}  // namespace
}  // namespace yeyak::api
