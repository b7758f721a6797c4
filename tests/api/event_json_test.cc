// Events on the wire: what is read comes back.
#include "eventstore/event_json.h"

#include <gtest/gtest.h>

#include "api/routes/event_body.h"

namespace yeyak::api {
namespace {

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

std::string written(const char* body, Envelope envelope = Envelope::any) {
    const auto read = read_events(body, envelope);
    if (!read) return read.error().front().field + " " + read.error().front().detail;
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
    const auto none =
        written(R"({"specversion":"1.0","id":"e","source":"/s","type":"t"})", Envelope::structured);
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
