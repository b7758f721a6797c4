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

std::string written(eventstore::NewEvent data, std::uint8_t format = eventstore::record_format) {
    eventstore::RecordedEvent event;
    event.format = format;
    event.position = 9;
    event.version = 2;
    event.time = Instant{1'700'000'000'123};
    event.stream = "orders-1";
    event.data = std::move(data);
    std::string out;
    eventstore::append_event_json(out, event);
    EXPECT_TRUE(check_json(out, true).has_value()) << out;
    return out;
}

std::string written(const char* body, eventstore::Envelope envelope = eventstore::Envelope::any) {
    const auto read = eventstore::read_events(body, envelope);
    if (!read) return read.error().field + " " + read.error().detail;
    return written(read->front());
}

void expect_parts(const std::string& out, std::initializer_list<const char*> parts) {
    for (const auto* part : parts)
        EXPECT_NE(out.find(part), std::string::npos) << part << " in " << out;
}

TEST(EventJson, keeps_the_attributes_of_a_cloud_event) {
    const auto out = written(
        R"({"specversion":"1.0","id":"e1","source":"/shop","subject":"s","type":"t",)"
        R"("time":"2026-01-02T03:04:05.123456789+09:00","datacontenttype":"application/json",)"
        R"("dataschema":"https://shop.test/s#1","tags":"user:1,a%2Cb,100%25",)"
        R"("traceparent":"00-0af7","yes":true,"no":false,"least":-2147483648,"empty":"",)"
        R"("gone":null,"correlationid":"c","causationid":"k","actor":"ann","data":{}})");
    expect_parts(out,
                 {R"("id":"e1")", R"("source":"/shop")", R"("subject":"s")", R"("position":9)",
                  R"("time":"2026-01-02T03:04:05.123456789+09:00")", R"("stream":"orders-1")",
                  R"("version":2)", R"("correlationid":"c")", R"("causationid":"k")",
                  R"("actor":"ann")", R"("dataschema":"https://shop.test/s#1")",
                  R"("tags":"user:1,a%2Cb,100%25")", R"("traceparent":"00-0af7")", R"("yes":true)",
                  R"("no":false)", R"("least":-2147483648)", R"("empty":"")", R"("data":{})"});
    EXPECT_EQ(out.find("gone"), std::string::npos) << out;
}

TEST(EventJson, keeps_any_data) {
    for (const auto* data : {R"("data":"text")", R"("data":0)", R"("data":false)", R"("data":null)",
                             R"("data":[1,{}])", R"("data":-1.50)", R"("data_base64":"AP8=")"})
        expect_parts(written((std::string{R"({"type":"t",)"} + data + "}").c_str()), {data});
    const auto none = written(R"({"specversion":"1.0","id":"e","source":"/s","type":"t"})",
                              eventstore::Envelope::structured);
    EXPECT_EQ(none.find("\"data"), std::string::npos) << none;
}

// Source and the rest are filled in for who did not say them; who did reads back what was written.
TEST(EventJson, completes_a_plain_event_only) {
    expect_parts(
        written(R"({"type":"t","data":{}})"),
        {R"("id":"orders-1@2")", R"("source":"/streams/orders-1")",
         R"("time":"2023-11-14T22:13:20.123Z")", R"("datacontenttype":"application/json")"});
    const auto whole =
        written(R"({"specversion":"1.0","id":"e","source":"/s","type":"t","data":1})");
    EXPECT_EQ(whole.find("\"time\""), std::string::npos) << whole;
    EXPECT_EQ(whole.find("datacontenttype"), std::string::npos) << whole;
}

TEST(EventJson, never_takes_a_tag_for_an_attribute) {
    const auto out = written(
        R"({"type":"t","data":{},"tags":["time:morning","source:","source:/x","subject:s"]})");
    expect_parts(out, {R"("source":"/streams/orders-1")", R"("time":"2023-11-14T22:13:20.123Z")",
                       R"("tags":"time:morning,source:,source:/x,subject:s")"});
    EXPECT_EQ(out.find("\"subject\""), std::string::npos) << out;
}

// There the attributes of a writer were tags; what is no attribute was a tag.
TEST(EventJson, reads_the_attributes_of_the_first_record_format) {
    eventstore::NewEvent data;
    data.type = "t";
    data.payload = "{}";
    data.tags = {"source:/shop", "subject:fold", "time:2026-01-02T03:04:05Z"};
    expect_parts(written(data, 1), {R"("source":"/shop")", R"("subject":"fold")",
                                    R"("time":"2026-01-02T03:04:05Z")"});
    data.tags = {"source:", "subject:", "time:morning"};
    const auto out = written(data, 1);
    expect_parts(out, {R"("source":"/streams/orders-1")", R"("time":"2023-11-14T22:13:20.123Z")"});
    EXPECT_EQ(out.find("\"subject\""), std::string::npos) << out;
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
        {R"({"type":7,"data":{}})", "wrong_type", "type"},
        {R"({"type":"t","type":"u","data":{}})", "duplicate_key", "type"},
        {R"({"type":"t","data":{"a":1,"a":2}})", "duplicate_key", "data.a"},
        {R"({"type":"t","data":{},"tags":"100%"})", "wrong_type", "tags"},
        {R"({"type":"t","data":{},"tags":7})", "wrong_type", "tags"},
        {R"({"type":"t","data":{},"tags":[1]})", "wrong_type", "tags"},
        {R"({"type":"t","data":{},"specversion":"2.0"})", "wrong_type", "specversion"},
        {R"({"type":"t","data":{},"time":"yesterday"})", "wrong_type", "time"},
        {R"({"type":"t","data":{},"data_base64":"AA=="})", "wrong_type", "data_base64"},
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
        {R"({"type":"t","data":{},"actor":""})", "wrong_type", "actor"},
        {R"({"type":"t","data":{},"id":7})", "wrong_type", "id"},
        {R"({"type":"t","data":{},"time":true})", "wrong_type", "time"},
        {R"({"type":"t","data":{},"note":"a\u0007b"})", "wrong_type", "note"},
        {R"({"type":"t","data":{},"note":{}})", "wrong_type", "note"},
        {R"({"type":"t","data":{},"note":[]})", "wrong_type", "note"},
        {R"({"type":"t","data":{},"note":1.0})", "wrong_type", "note"},
        {R"({"type":"t","data":{},"note":2147483648})", "wrong_type", "note"},
        {R"({"type":"t","data":{},"position":7})", "reserved_attribute", "position"},
        {R"({"type":"t","data":{},"leafhash":"x"})", "reserved_attribute", "leafhash"},
        {R"({"type":"t","data":{},"userId":"x"})", "unknown_field", "userId"},
        {R"({"type":"t","data":{},"":"x"})", "unknown_field", ""},
        {R"({"specversion":"1.0","source":"/s","type":"t"})", "missing_field", "id"},
        {R"({"specversion":"1.0","id":"e","type":"t"})", "missing_field", "source"},
        {R"({"specversion":"1.0","id":"e","source":"/s","type":"t","tags":["a"]})", "wrong_type",
         "tags"},
        {R"([{"type":"t","data":{}},{"type":"t"}])", "missing_field", "[1].data"},
    };
    for (const auto& [body, code, field] : refusals) {
        const auto read = eventstore::read_events(body);
        ASSERT_FALSE(read.has_value()) << body;
        EXPECT_EQ(read.error().code, code) << body;
        EXPECT_EQ(read.error().field, field) << body;
    }
}

TEST(EventJson, reads_what_the_content_type_says) {
    using eventstore::Envelope;
    const std::string event = R"({"specversion":"1.0","id":"e","source":"/s","type":"t"})";
    EXPECT_TRUE(eventstore::read_events(event, Envelope::structured));
    EXPECT_TRUE(eventstore::read_events("[" + event + "]", Envelope::batch));
    EXPECT_TRUE(eventstore::read_events("[]", Envelope::batch)->empty());
    EXPECT_FALSE(eventstore::read_events("[" + event + "]", Envelope::structured));
    EXPECT_FALSE(eventstore::read_events(event, Envelope::batch));
    const auto plain = R"([{"id":"e","source":"/s","type":"t","data":1}])";
    EXPECT_TRUE(eventstore::read_events(plain));
    EXPECT_EQ(eventstore::read_events(plain, Envelope::batch).error().field, "[0].specversion");
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
